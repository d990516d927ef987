import Foundation
import Fixtures
import GRDB
import JSONText
import Language
import Snapshots
import Testing

@testable import Store

/// Every value of the real exports, as it lies in the store.
struct ExportValueTests {
  @Test("Every value of every record is in its column", arguments: ["extract", "search_read"])
  func values(_ form: String) throws {
    let temporary = try TemporaryStore(loading: form)
    defer { withExtendedLifetime(temporary) {} }
    let snapshot = try SnapshotStore.open(temporary.store)
    #expect(snapshot.summary.counts.count == 17)
    #expect(snapshot.summary.form.rawValue == form)
    var checked = 0
    for model in snapshot.summary.counts.keys.sorted() {
      let ending = form == "extract" ? ".ndjson" : ".search_read.ndjson"
      let text = try Fixture.read("\(form)/\(model)\(ending)")
      let stored = try rows(of: model, in: snapshot)
      for line in text.split(separator: "\n") {
        guard case .object(let members) = try JSONDocument(parsing: String(line)).root.json else {
          continue
        }
        let id = try #require(members.first { $0.key == "id" }?.value.integer)
        let row = try #require(stored[id], "\(model) \(id) is not there")
        for member in members { checked += compare(member, row, model, id, snapshot) }
      }
    }
    #expect(checked > 100_000)
  }

  private func rows(of model: String, in snapshot: SnapshotStore) throws -> [Int64: Row] {
    let rows = try snapshot.rows("SELECT * FROM \"\(model)\"")
    #expect(rows.count == snapshot.summary.counts[model])
    return Dictionary(uniqueKeysWithValues: rows.map { ($0["id"], $0) })
  }

  /// Compares one value; 1 if there was something to compare.
  private func compare(
    _ member: JSON.Member, _ row: Row, _ model: String, _ id: Int64, _ snapshot: SnapshotStore
  ) -> Int {
    guard let field = snapshot.catalog[model]?[member.key], field.isPresent, !field.type.isToMany
    else { return 0 }
    let stored: DatabaseValue = row[member.key]
    let expected = expectation(member.value, field.type)
    if stored != expected { Issue.record("\(model) \(id): \(member.key) is \(stored)") }
    return 1
  }

  private func expectation(_ value: JSON, _ type: FieldType) -> DatabaseValue {
    switch (value, type) {
    case (.null, _): .null
    case (.bool(let flag), .boolean): (flag ? 1 : 0).databaseValue
    case (.bool, _): .null
    case (.int(let number), .float): Double(number).databaseValue
    case (.int(let number), _): number.databaseValue
    case (.double(let number), _): number.databaseValue
    case (.string(let text), .datetime): time(text).databaseValue
    case (.string(let text), .date) where text.utf8.count < 10: "000\(text)".databaseValue
    case (.string(let text), _): text.databaseValue
    case (.array(let pair), _): pair.first?.integer?.databaseValue ?? .null
    case (.object, _): .null
    }
  }

  private func time(_ text: String) -> String {
    text.split(separator: "T").joined(separator: " ")
  }

  @Test(
    "Every list of ids is there, or the lines that point back",
    arguments: ["extract", "search_read"])
  func lists(_ form: String) throws {
    let temporary = try TemporaryStore(loading: form)
    defer { withExtendedLifetime(temporary) {} }
    let snapshot = try SnapshotStore.open(temporary.store)
    let ending = form == "extract" ? ".ndjson" : ".search_read.ndjson"
    var wanted: [String: Set<[Int64]>] = [:]
    for line in try Fixture.read("\(form)/res.partner\(ending)").split(separator: "\n") {
      let record = try JSONDocument(parsing: String(line)).root.json
      for field in ["tags_ids", "category_id", "reg_ids", "phone_number_ids", "related_1_ids"] {
        for target in record[field]?.elements ?? [] {
          wanted[field, default: []].insert([record["id"]?.integer ?? 0, target.integer ?? 0])
        }
      }
    }
    for (field, pairs) in wanted {
      #expect(try Self.pairs(field, in: snapshot) == pairs)
    }
    #expect(wanted.count == (form == "extract" ? 2 : 5))
  }

  private static func pairs(_ field: String, in snapshot: SnapshotStore) throws -> Set<[Int64]> {
    let description = try #require(snapshot.catalog["res.partner"]?[field])
    let sql =
      description.type == .many2many
      ? "SELECT owner, target FROM \"res.partner/\(field)\""
      : """
      SELECT \(description.inverse ?? "") AS owner, id AS target
      FROM "\(description.relation ?? "")" WHERE owner IS NOT NULL
      """
    return Set(try snapshot.rows(sql).map { [$0["owner"], $0["target"]] })
  }
}

extension Fixture {
  static func read(_ name: String) throws -> String {
    try String(contentsOfFile: path(name), encoding: .utf8)
  }
}
