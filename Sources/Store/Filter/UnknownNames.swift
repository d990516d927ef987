import GRDB
import Language
import Snapshots

/// Finds where a query asks about linked records that did not come with the export. What came of them,
/// if anything, are the names that stood beside ids; a record without one is not absent, it is
/// unknown.
struct UnknownNames {
  private let query: Query
  private let snapshot: SnapshotStore

  init(of query: Query, over snapshot: SnapshotStore) {
    self.query = query
    self.snapshot = snapshot
  }

  /// A step over a link, to a model whose records did not come.
  private struct Step: Hashable {
    let model: String
    let field: String
    let comodel: String
  }

  /// `[id, name]` has the name that people see; of these it is another than `name`.
  private static let shownOtherwise: Set = [
    "res.country.state", "res.partner", "res.partner.category", "spp.area",
  ]

  func lacks() throws -> [Lack] {
    // Of each step, whether it is taken only to find people, or also to leave some out.
    var steps: [Step: Bool] = [:]
    walk(query.predicate, on: query.model, isOpposed: false, &steps)
    let found = steps.sorted { ($0.key.model, $0.key.field) < ($1.key.model, $1.key.field) }
    return try found.filter { try isUnknown($0.key) }.map { lack($0.key, isOpposed: $0.value) }
  }

  private func lack(_ step: Step, isOpposed: Bool) -> Lack {
    let touch = query.touched.first { $0.model == step.model && $0.field.name == step.field }
    return Lack(
      kind: .namesNotExported,
      fact:
        "the records of \(step.comodel) did not come with the export, so that what \(step.model).\(step.field) leads to is not known",
      hint:
        "export \(step.comodel) as well: contrib/export_snapshot.py takes all that a registrant leads to",
      field: query.name(of: step.field, in: step.model),
      mayPickTooMany: isOpposed || touch == nil, spot: touch?.place)
  }

  private func walk(
    _ predicate: Predicate, on model: String, isOpposed: Bool, _ steps: inout [Step: Bool]
  ) {
    switch predicate {
    case .all(let parts), .any(let parts):
      for part in parts { walk(part, on: model, isOpposed: isOpposed, &steps) }
    case .not(let inner): walk(inner, on: model, isOpposed: !isOpposed, &steps)
    case .isMember(let column, let set, let negated):
      enter(set, by: (model, column.name), isOpposed: isOpposed != negated, &steps)
    case .hasLine(let link, let set?, let negated):
      enter(set, by: (model, link.field), isOpposed: isOpposed != negated, &steps)
    case .exists(let set): enter(set, by: nil, isOpposed: isOpposed, &steps)
    default: break
    }
  }

  private func enter(
    _ set: RecordSet, by field: (model: String, name: String)?, isOpposed: Bool,
    _ steps: inout [Step: Bool]
  ) {
    func note(_ comodel: String) {
      guard let field, snapshot.summary.counts[comodel] == nil else { return }
      let step = Step(model: field.model, field: field.name, comodel: comodel)
      steps[step] = isOpposed || steps[step] == true
    }
    switch set {
    case .matching(let model, let predicate):
      note(model)
      walk(predicate, on: model, isOpposed: isOpposed, &steps)
    case .closure(let model, _, let roots, _, _):
      note(model)
      enter(roots, by: nil, isOpposed: isOpposed, &steps)
    case .union(let sets):
      for set in sets { enter(set, by: field, isOpposed: isOpposed, &steps) }
    case .ids, .known: break
    }
  }

  /// Whether any record has a link to one whose name did not come.
  private func isUnknown(_ step: Step) throws -> Bool {
    let catalog = snapshot.catalog
    guard !Self.shownOtherwise.contains(step.comodel),
      catalog[step.comodel]?["id"]?.isPresent == true,
      let field = catalog[step.model]?[step.field], field.isPresent,
      snapshot.summary.counts[step.model] != nil
    else { return true }
    let names = quoted(step.comodel)
    let (table, column) =
      field.type == .many2one
      ? (quoted(step.model), quoted(step.field))
      : (PairTable.name(step.model, step.field), "target")
    return try snapshot.read { database in
      try Bool.fetchOne(
        database,
        sql: """
          SELECT EXISTS (SELECT 1 FROM \(table) t WHERE t.\(column) IS NOT NULL
          AND NOT EXISTS (SELECT 1 FROM \(names) n WHERE n.id = t.\(column) AND n.name IS NOT NULL))
          """) ?? true
    }
  }
}
