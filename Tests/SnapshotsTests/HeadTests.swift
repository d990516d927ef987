import JSONText
import Testing

@testable import Snapshots

/// What a snapshot says of itself.
struct HeadTests {
  private static let head =
    #"{"airlock": "snapshot", "version": 1, "name": "nightly", "taken": "2026-11-22T10:00:00Z", "follows": null}"#

  @Test("A head on the first line, or as first entry, is taken off; lines keep their numbers")
  func places() throws {
    let lines = SnapshotSource.text(Self.head + "\n{\"id\": 7}\n", piece: 5)
    let tar = SnapshotSource.tar(
      ("./snapshot.json", Self.head), ("res.partner.ndjson", "{\"id\": 7}"))
    for source in [lines, tar, .text("\u{FEFF}" + Self.head + "\r\n{\"id\": 7}")] {
      guard case .registry(let head) = try DropForm.tell(source) else { continue }
      #expect(head?.name == "nightly" && head?.kind == .full)
      #expect(head?.taken?.text == "2026-11-22T10:00:00Z")
      #expect(try Rows(source).records() == [["id": .integer(7)]])
    }
    let fault = try #require(throws: SnapshotFault.self) { try Rows(.text(Self.head + "\n{\n")) }
    #expect(fault.spot?.line == 2)
  }

  @Test("A snapshot without a head is one as well")
  func without() throws {
    for text in [
      #"[{"id": 7, "is_group": false}]"#, #"{"id": 7, "given_name": "A"}"#, "",
      #"{"jsonrpc": "2.0", "result": [{"id": 7, "reg_ids": []}]}"#,
    ] {
      #expect(try DropForm.tell(.text(text)) == .registry(nil))
    }
  }

  @Test(
    "A head that is not understood is refused",
    arguments: [
      #"{"airlock": "snapshot"}"#, #"{"airlock": "snapshot", "version": 2}"#,
      #"{"airlock": "snapshot", "version": 1, "kind": "half"}"#,
      #"{"airlock": "snapshot", "version": 1, "taken": "yesterday"}"#,
      #"{"airlock": "snapshot", "version": 1, "kind": "delta"}"#,
      #"{"airlock": "snapshot", "version": 1, "kind": "delta", "follows": "abc"}"#,
      #"{"airlock": "snapshot", "version": 1, "deleted": [{"model": "res.partner", "ids": [1]}]}"#,
      #"{"airlock": "snapshot", "version": 1, "name": "\u001b[31m"}"#,
      #"{"airlock": "snapshot", "version": 1, "size": 3}"#, #"{"airlock": "job", "version": 1}"#,
      "{\n\"airlock\": \"snapshot\"}",
    ])
  func refused(_ head: String) throws {
    let fault = try #require(throws: SnapshotFault.self) {
      try DropForm.tell(.text(head + "\n{\"id\": 7}"))
    }
    #expect(fault.code == "bad_head")
  }

  @Test("A delta that is nothing but its head is read")
  func lone() throws {
    let digest = String(repeating: "a", count: 64)
    let head =
      #"{"airlock": "snapshot", "version": 1, "kind": "delta", "follows": "\#(digest)", "deleted": [{"model": "res.partner", "ids": [1]}]}"#
    #expect(try Rows(.tar(("snapshot.json", head))).records().isEmpty)
  }

  @Test("A head that is not the first entry, and deletions without a delta, are refused")
  func misplaced() throws {
    for source in [
      SnapshotSource.tar(("res.partner.ndjson", "{\"id\": 7}"), ("snapshot.json", Self.head)),
      .tar(("deleted.ndjson", ""), ("res.partner.ndjson", "{\"id\": 7}")),
    ] {
      let fault = try #require(throws: SnapshotFault.self) { try Rows(source) }
      #expect(fault.code == "bad_head")
    }
  }
}
