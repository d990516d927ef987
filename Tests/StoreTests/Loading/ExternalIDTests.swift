import Faults
import Files
import Fixtures
import JSONText
import Language
import Snapshots
import Testing

@testable import Store

/// Records that an export names by external ids, in the store.
struct ExternalIDTests {
  private let site: LoadingSite

  init() throws { site = try LoadingSite() }

  private func load(_ files: (String, String)...) throws -> SnapshotStore {
    for (name, text) in files { try site.drops.write(text, as: name) }
    let names = files.map(\.0).joined(separator: " ")
    try site.staged(site.make("drop.tar", "tar -cf drop.tar \(names)")).commit()
    return try SnapshotStore.open(site.store)
  }

  private func shown(_ snapshot: SnapshotStore, _ domain: String = "[]") throws -> [String] {
    let search = try RegistrySearch(
      JSONDocument(parsing: domain), model: "res.partner", activeTest: true, over: snapshot)
    var ids: [String] = []
    try search.forEachRecord([]) { ids.append($0[0].text ?? $0[0].line()) }
    return ids
  }

  @Test(
    "fault 110: people are counted, shown and found by the external id that is all that is known")
  func alone() throws {
    let snapshot = try load(
      ("res.partner.csv", "id,name\n__export__.res_partner_12_9ed14cf5,Ana\n.7791,Ben\n"))
    #expect(snapshot.summary.external == 2)
    #expect(Set(try shown(snapshot)) == ["__export__.res_partner_12_9ed14cf5", ".7791"])
    #expect(try shown(snapshot, #"[["__external_id", "=", ".7791"]]"#) == [".7791"])
    #expect(try snapshot.ids(#"[["id", "in", [12, 7791]]]"#) == [])
    let search = try RegistrySearch(
      JSONDocument(parsing: #"[["id", "=", 12]]"#), model: "res.partner", activeTest: true,
      over: snapshot)
    #expect(search.warnings.map(\.code) == ["lost_on_export"])
    #expect(
      try search.number(of: ".7791") == search.number(of: "\(search.number(of: ".7791") ?? 0)"))
    #expect(try search.number(of: ".7792") == nil)
  }

  @Test("fault 110: some rows with a database id: links by external id lead to it, lists as well")
  func mixed() throws {
    let snapshot = try load(
      (
        "res.partner.csv",
        "\"id\",\".id\",\"name\",\"parent_id/id\",\"tags_ids/id\"\n"
          + "\"x.ana\",\"845\",\"Ana\",\"x.ben\",\"t.a,t.b\"\n"
          + "\"x.ben\",\"\",\"Ben\",\"x.ana\",\"t.b\"\n\"\",\"12\",\"Cem\",\"x.ana\",\"\"\n"
      ),
      ("g2p.registrant.tags.csv", "id,.id,name\nt.a,7,a\nt.b,,b\n"))
    let (ben, tag) = (ExternalID.number("x.ben"), ExternalID.number("t.b"))
    #expect(snapshot.summary.external == 1)
    #expect(
      try snapshot.text("SELECT id, parent_id FROM \"res.partner\" ORDER BY id")
        == ["\(ben)|845", "12|845", "845|\(ben)"])
    #expect(
      Set(try snapshot.text("SELECT owner, target FROM \"res.partner/tags_ids\""))
        == ["845|7", "845|\(tag)", "\(ben)|\(tag)"])
    #expect(try shown(snapshot) == ["x.ben", "12", "845"])
  }

  static let twice = [
    "id,.id,name\nx.ana,845,Ana\nx.ana,,Ana\n",
    "id,.id,name\nx.ana,845,Ana\nx.ana,846,Ben\nx.c,,C\n",
    "id,name\nx.ana,Ana\nx.ben,Ben\nx.ana,Cem\n",
  ]

  @Test("fault 110: one external id at two records is refused", arguments: twice)
  func stands(_ text: String) throws {
    let fault = try #require(throws: SnapshotFault.self) {
      _ = try load(("res.partner.csv", text))
    }
    #expect(fault.code == "duplicate_id" && !fault.message.contains("ana"))
  }

  @Test("A check counts them as the loading does")
  func check() throws {
    try site.drops.write("id,name\nx.ana,Ana\nx.ben,Ben\n", as: "res.partner.csv")
    let report = try SnapshotChecker.check(
      .path(site.drops("res.partner.csv"), rules: .named(limit: .max)))
    #expect(report.external == 2)
  }
}

extension ExternalID {
  static func number(_ text: String) -> Int64 {
    Array(text.utf8).withUnsafeBufferPointer { number($0) }
  }
}
