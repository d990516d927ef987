import Fixtures
import JSONText

@testable import Store

/// A made-up registry: people in a tree, the place and the company of each, their tags (a tree as
/// well), their kinds, which are a model made by hand, their lines, and members, who inherit the
/// fields of a person. Every kind of field, archived records, NULL and empty text.
struct SmallRegistry {
  typealias Record = [String: JSON]

  /// By model; fields that are unset are not in a record, and one2many are found by their inverse.
  private(set) var records: [String: [Int64: Record]] = [:]

  init(_ random: inout Seeded) {
    let sizes = [
      "t.place": 4, "t.tag": 5, SmallModels.person: 14, "t.line": 16, SmallModels.member: 9,
      "x_kind": 4, "res.company": 3,
    ]
    for (model, most) in sizes.sorted(by: { $0.key < $1.key }) {
      // One at least: a model without records is none, and is refused.
      let ids = (1...Int64(most)).filter { $0 == 1 || Int.random(in: 0..<8, using: &random) > 0 }
      records[model] = Dictionary(
        uniqueKeysWithValues: ids.map { ($0, [:] as Record) })
    }
    for model in sizes.keys.sorted() { fill(model, &random) }
  }

  private mutating func fill(_ model: String, _ random: inout Seeded) {
    for id in ids(of: model) {
      for field in SmallModels.stored(model) {
        let value = value(of: field, for: id, &random)
        if value != .null { records[model]?[id]?[field.name] = value }
      }
    }
  }

  private func value(of field: SmallField, for id: Int64, _ random: inout Seeded) -> JSON {
    if !field.isRequired, Int.random(in: 0..<4, using: &random) == 0 { return .null }
    switch field.type {
    case "many2one":
      // A parent has a smaller id: a tree.
      let targets = ids(of: field.relation).filter { !field.isParent || $0 < id }
      return targets.randomElement(using: &random).map { .int($0) } ?? .null
    case "many2many":
      let some = ids(of: field.relation).filter { _ in Bool.random(using: &random) }
      return .array(some.map { .int($0) })
    default:
      return field.samples.randomElement(using: &random) ?? .null
    }
  }

  /// Ascending.
  func ids(of model: String) -> [Int64] { (records[model] ?? [:]).keys.sorted() }

  /// Stores the registry as a drop would bring it.
  func load(into site: LoadingSite) throws -> SnapshotStore {
    for model in SmallModels.names {
      let lines = ids(of: model).map { id -> String in
        let record = records[model]?[id] ?? [:]
        let members = SmallModels.stored(model).map {
          JSON.Member($0.name, record[$0.name] ?? ($0.type == "many2many" ? [] : .null))
        }
        return JSON.object([JSON.Member("id", .int(id))] + members).line() + "\n"
      }
      // JSON with backslashes in twos alone would be taken for a copy of COPY's.
      try site.drops.write(
        lines.joined().replacing(#"{"id":"#, with: #"{"\u0069d":"#, maxReplacements: 1),
        as: "\(model).ndjson")
      try site.drops.write(
        SmallModels.fieldsGet(model).line(), as: "\(model).fields_get.json")
    }
    try site.staged(site.make("drop.tar", "tar -cf drop.tar *.json *.ndjson")).commit()
    return try SnapshotStore.open(site.store)
  }
}
