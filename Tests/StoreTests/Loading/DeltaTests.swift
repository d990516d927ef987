import Files
import Fixtures
import Foundation
import JSONText
import Language
import Secrets
import Snapshots
import Testing

@testable import Store

/// What a delta does to the snapshot in force, rule by rule.
struct DeltaTests {
  static let base = """
    {"id": 1, "name": "Ana", "color": 4, "tags_ids": [1, 2], "parent_id": null, "reg_ids": [{"id": 5, "value": "a"}, {"id": 6, "value": "b"}]}
    {"id": 2, "name": "Ben", "color": 5, "tags_ids": [2], "parent_id": 3, "reg_ids": [{"id": 7, "value": "c"}]}
    {"id": 3, "name": "Cem", "color": null, "tags_ids": [], "parent_id": null, "reg_ids": []}
    """

  private static let partners =
    "SELECT id, name, color, (SELECT group_concat(target) FROM \"res.partner/tags_ids\" WHERE owner = id) FROM \"res.partner\" ORDER BY id"
  private static let lines = "SELECT id, partner_id, value FROM \"g2p.reg.id\" ORDER BY id"

  @Test("A delta's record replaces the fields that it names, and keeps the others")
  func namedFields() throws {
    let site = try LoadingSite()
    try site.load(Self.base)
    let next = try site.apply([
      #"{"id": 1, "color": null}"#, #"{"id": 3, "tags_ids": [9], "name": "Cid"}"#,
      #"{"id": 4, "name": "Dia"}"#,
    ])
    #expect(
      try next.text(Self.partners)
        == ["1|Ana|NULL|1,2", "2|Ben|5|2", "3|Cid|NULL|9", "4|Dia|NULL|NULL"])
    #expect(try next.text(Self.lines).count == 3)
    #expect(next.summary.counts == ["res.partner": 4, "g2p.reg.id": 3])
  }

  @Test("A list that is named takes the place of the one before, an empty one as well")
  func lists() throws {
    let site = try LoadingSite()
    try site.load(Self.base)
    let next = try site.apply([
      #"{"id": 1, "tags_ids": [], "reg_ids": [{"id": 6, "value": "B"}, {"id": 8, "value": "d"}]}"#,
      #"{"id": 2, "tags_ids": null, "reg_ids": []}"#,
    ])
    #expect(try next.text(Self.partners).map { $0.suffix(4) } == ["NULL", "NULL", "NULL"])
    #expect(try next.text(Self.lines) == ["6|1|B", "8|1|d"])
  }

  @Test("Who is deleted goes with their ids and tags; an id that was not there is counted")
  func deletion() throws {
    let site = try LoadingSite()
    try site.load(Self.base)
    let deleted: JSON = [
      ["model": "res.partner", "ids": [2, 99]], ["model": "g2p.reg.id", "ids": [5]],
    ]
    let staged = try site.stage(delta: [], deleted: deleted)
    #expect(staged.missing == 1)
    try staged.commit()
    let next = try SnapshotStore.open(site.store)
    #expect(try next.text(Self.partners) == ["1|Ana|4|1,2", "3|Cem|NULL|NULL"])
    #expect(try next.text(Self.lines) == ["6|1|b"])
    #expect(try next.text("SELECT count(*) FROM \"res.partner/tags_ids\"") == ["2"])
  }

  @Test(
    "A delta that cannot be right changes nothing",
    arguments: [
      (#"{"id": 2, "color": 1}"#, "res.partner", 2, "delta_contradicts_itself"),
      (#"{"id": 1, "color": 1}"#, "res.partner", 3, "delta_leaves_dangling_links"),
      (
        #"{"id": 1, "reg_ids": [{"id": 5, "value": "V"}]}"#, "g2p.reg.id", 5,
        "delta_contradicts_itself"
      ),
      (#"{"id": 1, "color": "red"}"#, "res.partner", 2, "wrong_type"),
      (#"{"id": 1, "color": 1}"#, "g2p.phone.number", 2, "delta_new_model"),
      (
        #"{"id": 1, "phone_number_ids": [{"id": 1, "phone_no": "1"}]}"#, "res.partner", 2,
        "delta_new_model"
      ),
      ("{\"id\": 1}\n{\"id\": 1}", "res.partner", 2, "duplicate_id"),
    ] as [(String, String, Int64, String)])
  func refused(record: String, model: String, id: Int64, code: String) throws {
    let site = try LoadingSite()
    let before = try site.load(Self.base)
    let fault = try #require(throws: SnapshotFault.self) {
      try site.stage(delta: [record], deleted: [["model": .string(model), "ids": [.int(id)]]])
    }
    #expect(fault.code == code, "\(fault.message)")
    #expect(site.names == ["snapshot.sqlite"])
    #expect(try SnapshotStore.open(site.store).summary == before.summary)
  }

  @Test("A delta of search_read over a lossless snapshot is refused, and over its own form is not")
  func otherForm() throws {
    let site = try LoadingSite()
    try site.load(Self.base)
    let delta = [#"{"id": 1, "parent_id": [3, "Cem"], "tags_ids": [1]}"#]
    let fault = try #require(throws: SnapshotFault.self) { try site.stage(delta: delta) }
    #expect(fault.code == "delta_of_another_form", "\(fault.message)")
    #expect(site.names == ["snapshot.sqlite"])
    try site.load(Self.base.replacing("null", with: "false"))
    #expect(try site.apply(delta).summary.form == .searchRead)
    #expect(try site.apply([#"{"id": 2, "parent_id": null}"#]).summary.form == .searchRead)
  }

  @Test("No delta goes over Odoo's CSV export, and none is CSV")
  func csv() throws {
    let site = try LoadingSite()
    try site.staged(text: ".id,name\n1,Ana\n", as: "res.partner.csv").commit()
    #expect(try SnapshotStore.open(site.store).summary.form == .csvExport)
    let over = try #require(throws: SnapshotFault.self) {
      try site.stage(delta: [#"{"id": 1, "name": "Ada"}"#])
    }
    #expect(over.code == "delta_of_another_form", "\(over.message)")
    try site.load(Self.base)
    let table = try #require(throws: SnapshotFault.self) {
      try site.stage(delta: ["id,name", "1,Ada"])
    }
    #expect(table.code == "csv_delta", "\(table.message)")
    #expect(site.names == ["snapshot.sqlite"])
  }

  @Test("Records that still point to deleted ones are named, ten at most")
  func danglingIDs() throws {
    let site = try LoadingSite()
    let children = (2...13).map { #"{"id": \#($0), "parent_id": 1}"# }
    try site.load(([#"{"id": 1, "parent_id": null}"#] + children).joined(separator: "\n"))
    let fault = try #require(throws: SnapshotFault.self) {
      try site.stage(
        delta: [#"{"id": 13, "parent_id": null}"#], deleted: [["model": "res.partner", "ids": [1]]])
    }
    #expect(fault.code == "delta_leaves_dangling_links")
    #expect(
      fault.message.hasSuffix(
        "11 of res.partner by parent_id (id 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, …)"), "\(fault.message)"
    )
  }

  @Test("The next digest is that of the one before and the delta's; the next delta follows it")
  func chain() throws {
    let site = try LoadingSite()
    let base = try site.load(Self.base)
    let first = try site.apply([#"{"id": 1, "name": "Ada"}"#])
    let delta = try Digest(of: Array(site.drops.read("delta.ndjson").utf8))
    #expect(first.summary.dropDigest == delta)
    #expect(first.summary.digest == Digest(of: base.summary.digest.bytes + delta.bytes))
    #expect(first.summary.follows == base.summary.digest)
    let fault = try #require(throws: LoadFault.self) {
      try site.stage(delta: [#"{"id": 1}"#], follows: base.summary.digest)
    }
    #expect(fault.code == "delta_does_not_follow")
    #expect(!fault.message.contains(first.summary.digest.hex.prefix(6)), "others read verdicts")
    #expect(try site.apply([#"{"id": 1, "name": "Aba"}"#]).summary.follows == first.summary.digest)
  }

  @Test("What nobody knew before a delta is kept by its values, and can be searched")
  func newField() throws {
    let site = try LoadingSite()
    try site.load(Self.base)
    let next = try site.apply([
      #"{"id": 1, "x_score": 1}"#, #"{"id": 2, "x_score": 2.5}"#, #"{"id": 3}"#,
    ])
    #expect(
      try next.text("SELECT x_score FROM \"res.partner\" ORDER BY id") == ["1.0", "2.5", "NULL"])
    #expect(next.catalog["res.partner"]?["x_score"]?.type == .float)
    #expect(try next.ids(#"[["x_score", ">", 2]]"#) == [2])
  }

  @Test("Who reads the snapshot before a delta keeps it, and deleted text is gone from the file")
  func readersAndErasure() throws {
    let site = try LoadingSite()
    let old = try site.load(Self.base.replacing("Ben", with: "Canary-Benedetta"))
    let next = try site.apply([], deleted: [["model": "res.partner", "ids": [2]]])
    #expect(try old.text("SELECT count(*) FROM \"res.partner\"") == ["3"])
    #expect(try next.text("SELECT count(*) FROM \"res.partner\"") == ["2"])
    let bytes = try Data(contentsOf: URL(fileURLWithPath: site.store.path + "/snapshot.sqlite"))
    #expect(bytes.range(of: Data("Canary-Benedetta".utf8)) == nil)
  }
}

extension LoadingSite {
  /// Stages a delta of partners over the snapshot in force.
  func stage(
    delta lines: [String], deleted: JSON = [], follows: Digest? = nil
  ) throws -> StagedSnapshot {
    let base = try SnapshotStore.open(store)
    let head: JSON = [
      "airlock": "snapshot", "version": 1, "kind": "delta",
      "follows": .string((follows ?? base.summary.digest).hex), "deleted": deleted,
    ]
    try drops.write(([head.line()] + lines).joined(separator: "\n"), as: "delta.ndjson")
    return try stage(deltaAt: drops("delta.ndjson"))
  }

  func stage(deltaAt path: String) throws -> StagedSnapshot {
    try DeltaLoader(into: store).load(
      .path(path, rules: .named(limit: .max)), onto: SnapshotStore.open(store),
      now: Date(timeIntervalSince1970: 1_700_000_100))
  }

  /// Puts a delta in force and opens what is then there.
  func apply(_ lines: [String], deleted: JSON = []) throws -> SnapshotStore {
    try stage(delta: lines, deleted: deleted).commit()
    return try SnapshotStore.open(store)
  }
}

extension SnapshotStore {
  func ids(_ domain: String, on model: String = "res.partner") throws -> [Int64] {
    var ids: [Int64] = []
    try RegistrySearch(JSONDocument(parsing: domain), model: model, activeTest: false, over: self)
      .forEachID { ids.append($0) }
    return ids
  }
}
