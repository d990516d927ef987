import GRDB
package import JSONText
package import Language
internal import Snapshots

/// A domain, searched over the snapshot in force.
package struct RegistrySearch {
  let snapshot: SnapshotStore
  let domain: Domain
  /// The query as it was resolved.
  package let resolved: Query
  /// The same with its sets asked beforehand.
  let query: Query

  /// - Throws: `DomainFault` where Odoo refuses, or we do (`Departures`); a `Lack` by which people
  ///   too many may be picked.
  package init(
    _ domain: JSONDocument, model: String, activeTest: Bool, over snapshot: SnapshotStore
  ) throws {
    try self.init(
      DomainParser().parse(JSONCursor(domain)), model: model, activeTest: activeTest,
      over: snapshot)
  }

  /// - Throws: as the other.
  package init(
    _ domain: Domain, model: String = "res.partner", activeTest: Bool = true,
    over snapshot: SnapshotStore
  ) throws {
    resolved = try Resolver(catalog: snapshot.catalog).resolve(
      domain, on: model, activeTest: activeTest)
    self.snapshot = snapshot
    try QueryGuards(resolved).check(over: snapshot)
    lacks = try resolved.lacks(over: snapshot)
    if let lack = lacks.first(where: \.mayPickTooMany) { throw lack }
    warnings = try resolved.warnings(over: snapshot, lacks)
    self.domain = domain
    query = try QueryFolding(over: snapshot).fold(resolved)
  }

  /// What the snapshot lacks, and the domain asks about; `warnings` has it as well.
  package let lacks: [Lack]
  /// What the operator is to be told of the domain.
  package let warnings: [DomainWarning]

  /// The SQL of the search as one statement: text and values.
  package var sql: SQLText { PredicateSQL.ids(resolved, catalog: snapshot.catalog) }

  /// Hands over each id, ascending.
  package func forEachID(_ each: (Int64) throws -> Void) throws {
    let sql = PredicateSQL.ids(query, catalog: snapshot.catalog)
    try timed { database in
      let ids = try Int64.fetchCursor(database, sql: sql.text, arguments: sql.arguments)
      while let id = try ids.next() { try snapshot.handOver { try each(id) } }
    }
  }

  /// Whether what is printed for a record may be its external id (`forEachRecord`).
  package var hasExternalIDs: Bool { snapshot.catalog[query.model]?.hasExternalIDs == true }

  /// The number by which the store knows a record: that of the database, or of its external id.
  /// - Returns: nil for a text that is neither.
  package func number(of id: String) throws -> Int64? {
    if let number = Int64(id) { return number }
    guard hasExternalIDs else { return nil }
    return try timed { database in
      try Int64.fetchOne(
        database,
        sql: """
          SELECT "id" FROM \(quoted(query.model)) WHERE \(quoted(ExternalID.field)) = ?
          """, arguments: [id])
    }
  }

  package func count() throws -> Int {
    let condition = PredicateSQL.condition(query, alias: "p", catalog: snapshot.catalog)
    return try timed { database in
      try Int.fetchOne(
        database, sql: "SELECT count(*) FROM \(quoted(query.model)) p WHERE \(condition.text)",
        arguments: condition.arguments) ?? 0
    }
  }

  /// - Throws: `SelectionFault` for a field that is unknown, absent, or a list.
  package func requireFields(_ fields: [String]) throws(SelectionFault) {
    guard let model = snapshot.catalog[query.model] else { return }
    for field in fields {
      guard let known = model[field] else { throw SelectionFault(.unknown, field, model: model) }
      guard known.isPresent, !known.type.isToMany else {
        throw SelectionFault(known.isPresent ? .noText : .absent, field, model: model)
      }
    }
  }

  /// Hands over each record with the given fields, ascending by id: values as they are stored.
  /// - Throws: as `requireFields`.
  package func forEachRecord(_ fields: [String], _ each: ([JSON]) throws -> Void) throws {
    try requireFields(fields)
    guard let model = snapshot.catalog[query.model] else { return }
    var sql = SQLText(
      "SELECT \(model.hasExternalIDs ? ExternalIDText.value(of: "p") : "p.\"id\"")")
    for field in fields { sql.append(", p.\(quoted(field))") }
    sql.append(" FROM \(quoted(query.model)) p WHERE ")
    sql.append(PredicateSQL.condition(query, alias: "p", catalog: snapshot.catalog))
    sql.append(" ORDER BY p.\"id\"")
    let types: [FieldType] = [.integer] + fields.compactMap { model[$0]?.type }
    try timed { database in
      let rows = try Row.fetchCursor(database, sql: sql.text, arguments: sql.arguments)
      while let row = try rows.next() {
        try snapshot.handOver {
          try each(types.indices.map { RegistrySearch.json(row[$0], types[$0]) })
        }
      }
    }
  }

  func timed<Result>(_ body: (Database) throws -> Result) throws -> Result {
    try snapshot.timed { try snapshot.read(body) }
  }

  private static func json(_ value: DatabaseValue, _ type: FieldType) -> JSON {
    switch value.storage {
    case .null: .null
    case .int64(let number): type == .boolean ? .bool(number != 0) : .int(number)
    case .double(let number): .double(number)
    case .string(let text): .string(text)
    case .blob: .null
    }
  }
}
