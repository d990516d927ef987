import Language
import Testing

@testable import Snapshots

/// Several files in one drop.
struct ArchiveTests {
  private let partner = ("res.partner.ndjson", #"{"id":1,"x_size":"007","reg_ids":[3]}"#)
  private let ids = ("data/g2p.reg.id.search_read.json", #"[{"id":3,"partner_id":[1,"x"]}]"#)
  private let description = (
    "res.partner.fields_get.json",
    #"{"id":{"type":"integer"},"x_size":{"type":"char","string":"Size"},"reg_ids":{"type":"one2many","relation":"g2p.reg.id","relation_field":"partner_id"}}"#
  )

  @Test("A list whose records came as well is superseded by what points back")
  func superseded() throws {
    for source in [SnapshotSource.tar(partner, ids), .tar(ids, partner)] {
      let contents = try #require(try Rows(source).contents)
      #expect(contents.lists == [.init(model: "res.partner", field: "reg_ids", isSuperseded: true)])
      #expect(contents.catalog["res.partner"]?["reg_ids"]?.isPresent == true)
    }
    let alone = try #require(try Rows(.tar(partner)).contents)
    #expect(alone.lists.map(\.isSuperseded) == [false])
  }

  @Test("A description holds wherever it stands in the tar")
  func descriptions() throws {
    for source in [
      SnapshotSource.tar(description, partner, ids), .tar(partner, ids, description),
      .tar(partner, description, ids),
    ] {
      let rows = try Rows(source)
      #expect(rows.contents?.catalog["res.partner"]?.origin == .fieldsGet)
      #expect(rows.contents?.catalog["res.partner"]?["x_size"]?.label == "Size")
      #expect(rows.type(of: "x_size") == .char)
      #expect(rows.records().count == 1)
    }
  }

  static let refused: [([(String, String)], String)] = [
    ([("g2p.reg.id.ndjson", "{\"id\":1}")], "no_registrants"),
    ([], "no_registrants"),
    (
      [
        ("res.partner.ndjson", #"{"id":1,"reg_ids":[{"id":2,"value":"V"}]}"#),
        ("g2p.reg.id.ndjson", ""),
      ],
      "two_sources"
    ),
    (
      [
        ("g2p.reg.id.ndjson", ""),
        ("res.partner.ndjson", #"{"id":1,"reg_ids":[{"id":2,"value":"V"}]}"#),
      ],
      "two_sources"
    ),
    ([("res.partner.ndjson", ""), ("res.partner.txt", "x")], "unknown_entry"),
    ([("res.partner.ndjson", ""), ("Res Partner.ndjson", "")], "bad_model_name"),
    ([("res.partner.ndjson", ""), ("sqlite_master.ndjson", "")], "bad_model_name"),
    ([("res.partner.ndjson", ""), (".ndjson", "")], ""),
    ([("res.partner.fields_get.json", "[]"), ("res.partner.ndjson", "")], "bad_description"),
    (
      [("res.partner.fields_get.json", "{\"id\":{}}"), ("res.partner.ndjson", "")],
      "bad_description"
    ),
    ([("res.partner.fields_get.json", "{\"a b\":{\"type\":\"char\"}}")], "bad_description"),
    ([("res.partner.fields_get.json", "{"), ("res.partner.ndjson", "")], "bad_description"),
    (
      [("a/res.partner.fields_get.json", "{}"), ("res.partner.fields_get.json", "{}")],
      "two_sources"
    ),
  ]

  @Test("What does not belong together is refused", arguments: refused)
  func refusal(_ entries: [(String, String)], _ code: String) throws {
    let source = SnapshotSource(name: "drop.tar") {
      TextSource(entries, isArchive: true, piece: .max)
    }
    guard !code.isEmpty else { return _ = try Rows(source) }
    let fault = try #require(throws: SnapshotFault.self) { try Rows(source) }
    #expect(fault.code == code)
  }

  @Test("A drop whose descriptions change between two readings is refused")
  func changing() throws {
    let readings = Counter()
    let source = SnapshotSource(name: "drop.tar") { [partner, description] in
      let other = ("res.partner.fields_get.json", #"{"id":{"type":"integer"}}"#)
      return TextSource(
        [partner, readings.next() == 1 ? description : other], isArchive: true, piece: .max)
    }
    let fault = try #require(throws: SnapshotFault.self) { try Rows(source) }
    #expect(fault.code == "changed_while_reading")
  }

  @Test("An empty file of a model is that model without records")
  func emptyModel() throws {
    let rows = try Rows(.tar(("res.partner.ndjson", ""), ("g2p.reg.rel.ndjson", "")))
    #expect(rows.contents?.tables.map(\.model) == ["res.partner", "g2p.reg.rel"])
  }
}

private final class Counter: @unchecked Sendable {  // one thread only
  private var count = 0
  func next() -> Int {
    count += 1
    return count
  }
}
