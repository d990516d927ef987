import Fixtures
import Files
import GRDB
import Snapshots
import Testing

@testable import Store

/// A snapshot is in force whole, or not at all.
struct AllOrNothingTests {
  static let bad = [
    #"{"id":1}"# + "\n{", #"{"id":1}"# + "\n" + #"{"id":1}"#, #"{"id":1,"color":"red"}"#, "",
    #"{"id":1,"reg_ids":[{"id":5,"value":"V"},{"id":5,"value":"V"}]}"#,
  ]

  @Test("A load that fails leaves the snapshot in force, and nothing else", arguments: bad)
  func failure(_ text: String) throws {
    let site = try LoadingSite()
    let before = try site.load(#"{"id":9,"name":"old"}"#)
    #expect(throws: (any Error).self) { try site.staged(text: text) }
    #expect(site.names == ["snapshot.sqlite"])
    #expect(try SnapshotStore.open(site.store).summary == before.summary)
  }

  @Test("A file that is not there, or is something else, leaves nothing")
  func noFile() throws {
    let site = try LoadingSite()
    #expect(throws: FileFault.self) { try site.staged(site.drops("nothing.json")) }
    #expect(throws: FileFault.self) { try site.staged(site.drops.path) }
    #expect(site.names == [])
    let fault = try #require(throws: LoadFault.self) { try SnapshotStore.open(site.store) }
    #expect(fault.code == "no_snapshot")
  }

  @Test("A staged snapshot is not in force until it is committed, and goes if it is not")
  func staging() throws {
    let site = try LoadingSite()
    try site.load(#"{"id":9,"name":"old"}"#)
    do {
      let staged = try site.staged(text: #"{"id":1,"name":"new"}"#)
      #expect(staged.summary.partners == 1 && site.names.count == 2)
      #expect(
        try SnapshotStore.open(site.store).text("SELECT name FROM \"res.partner\"") == ["old"])
    }
    #expect(site.names == ["snapshot.sqlite"])
    let staged = try site.staged(text: #"{"id":1,"name":"new"}"#)
    staged.discard()
    #expect(site.names == ["snapshot.sqlite"])
  }

  @Test("Who reads the old snapshot keeps it; who opens next has the new one")
  func readers() throws {
    let site = try LoadingSite()
    let old = try site.load(#"{"id":9,"name":"old"}"#)
    let new = try site.load(#"{"id":1,"name":"new"}"#)
    #expect(try old.text("SELECT id, name FROM \"res.partner\"") == ["9|old"])
    #expect(try new.text("SELECT id, name FROM \"res.partner\"") == ["1|new"])
    #expect(site.names == ["snapshot.sqlite"])
  }

  @Test("The file is for its owner alone, and cannot be written through the store")
  func protection() throws {
    let site = try LoadingSite()
    let snapshot = try site.load(#"{"id":9,"name":"old"}"#)
    let status = try #require(try site.store.status(of: SnapshotLoader.fileName))
    #expect(status.mode & 0o777 == 0o600)
    #expect(throws: DatabaseError.self) {
      try snapshot.queue.writeWithoutTransaction {
        try $0.execute(sql: "DELETE FROM airlock_models")
      }
    }
  }

  @Test("A duplicate id is told with its line, wherever it stands", arguments: [2, 31, 33, 20_000])
  func duplicates(_ line: Int) throws {
    let site = try LoadingSite()
    var lines = (1...20_000).map { #"{"id":\#($0),"name":"somebody"}"# }
    lines[line - 1] = #"{"id":1,"name":"twice"}"#
    let fault = try #require(throws: SnapshotFault.self) {
      try site.staged(text: lines.joined(separator: "\n"))
    }
    #expect(fault.message == "drop.json, line \(line): the id 1 stands twice in res.partner")
  }

  @Test("A nested duplicate is told with the line of its owner")
  func nestedDuplicate() throws {
    let text =
      #"{"id":1,"reg_ids":[{"id":5,"value":"V"}]}"# + "\n\n"
      + #"{"id":2,"reg_ids":[{"id":5,"value":"V"}]}"#
    let fault = try #require(throws: SnapshotFault.self) { try LoadingSite().staged(text: text) }
    #expect(fault.message == "drop.json, line 3: the id 5 stands twice in g2p.reg.id")
  }

  @Test("Another program's file, and another version's, are not opened")
  func strangers() throws {
    for (pragma, code) in [("application_id", "not_a_snapshot"), ("user_version", "other_version")]
    {
      let site = try LoadingSite()
      try site.load(#"{"id":9}"#)
      let queue = try DatabaseQueue(path: site.store.path(of: SnapshotLoader.fileName))
      try queue.write { try $0.execute(sql: "PRAGMA \(pragma) = 99") }
      try queue.close()
      let fault = try #require(throws: LoadFault.self) { try SnapshotStore.open(site.store) }
      #expect(fault.code == code)
    }
  }
}
