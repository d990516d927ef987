import JSONText
package import Language

/// Predicates as SQLite's SQL over the tables of a snapshot. Values are bound, names come from the
/// model description and are quoted; nothing of a filter's text is ever part of the SQL.
package struct PredicateSQL {
  private let catalog: ModelCatalog
  private var aliases = 0

  package init(catalog: ModelCatalog) { self.catalog = catalog }

  /// `SELECT id … ORDER BY id`: the ids of everyone whom the query picks.
  package static func ids(_ query: Query, catalog: ModelCatalog) -> SQLText {
    var writer = PredicateSQL(catalog: catalog)
    var sql = writer.select("id", from: query.model, where: query.predicate)
    sql.append(" ORDER BY 1")
    return sql
  }

  /// The condition alone, over the table or alias `alias` of the query's model.
  package static func condition(_ query: Query, alias: String, catalog: ModelCatalog) -> SQLText {
    var writer = PredicateSQL(catalog: catalog)
    return writer.condition(query.predicate, alias)
  }

  /// The ids of a set, in no order.
  package static func set(_ set: RecordSet, catalog: ModelCatalog) -> SQLText {
    var writer = PredicateSQL(catalog: catalog)
    return writer.members(of: set)
  }

  /// The ids of the records that have a line in a set.
  static func owners(_ link: Link, _ set: RecordSet?, catalog: ModelCatalog) -> SQLText {
    var writer = PredicateSQL(catalog: catalog)
    return writer.owners(link, set)
  }

  private mutating func alias() -> String {
    aliases += 1
    return "t\(aliases)"
  }

  private mutating func select(
    _ column: String, from model: String, where predicate: Predicate
  ) -> SQLText {
    let table = alias()
    var sql = SQLText("SELECT \(table).\(quoted(column)) FROM \(quoted(model)) \(table)")
    guard predicate != .constant(true) else { return sql }
    sql.append(" WHERE ")
    sql.append(condition(predicate, table))
    return sql
  }

  private mutating func condition(_ predicate: Predicate, _ table: String) -> SQLText {
    switch predicate {
    case .constant(let flag): return SQLText(flag ? "1" : "0")
    case .unknown: return SQLText("NULL")
    case .all(let parts): return joined(parts, " AND ", table)
    case .any(let parts): return joined(parts, " OR ", table)
    case .not(let inner): return wrapped("NOT ", condition(inner, table))
    case .isNull(let column): return SQLText("\(name(column, table)) IS NULL")
    case .isNotNull(let column): return SQLText("\(name(column, table)) IS NOT NULL")
    case .compare(let column, let comparison, let value):
      return SQLText("\(name(column, table)) \(comparison.rawValue) ?", [value])
    case .isOneOf(let column, let values, let negated):
      if values.count == 1, values[0] != .null {
        return SQLText("\(name(column, table)) \(negated ? "<>" : "=") ?", values)
      }
      return SQLText("\(name(column, table)) \(negated ? "NOT " : "")IN ") + list(values)
    case .matches(let column, .known(let number), let negated):
      return SQLText(
        "\(negated ? "NOT " : "")\(KnownPatterns.function)(\(text(of: column, table)), \(number))")
    case .matches(let column, .given(let patterns), let negated):
      let text = text(of: column, table)
      let parts = patterns.map { pattern in
        let function = pattern.foldsCase ? TextFunctions.ilike : TextFunctions.like
        return SQLText("\(function)(\(text), ?)", [.text(pattern.text)])
      }
      let matched = balanced(parts[...], " OR ")
      return negated ? wrapped("NOT ", matched) : matched
    case .isMember(let column, .known(let number), let negated):
      return SQLText(
        "\(negated ? "NOT " : "")\(KnownSets.function)(\(number), \(name(column, table)))")
    case .isMember(let column, let set, let negated):
      var sql = SQLText("\(name(column, table)) \(negated ? "NOT " : "")IN (")
      sql.append(members(of: set))
      sql.append(")")
      return sql
    case .hasLine(let link, let set, let negated):
      var sql = SQLText("\(table).\"id\" \(negated ? "NOT " : "")IN (")
      sql.append(owners(link, set))
      sql.append(")")
      return sql
    case .exists(let set): return wrapped("EXISTS ", members(of: set))
    }
  }

  /// A part that goes deep stands first: what stands before it would wait on SQLite's small parser
  /// stack until it is read.
  private mutating func joined(_ parts: [Predicate], _ joint: String, _ table: String) -> SQLText {
    let depths = parts.map(\.depth)
    guard parts.count > 1, let deepest = depths.max(), deepest > 8,
      let first = depths.firstIndex(of: deepest)
    else { return balanced(conditions(parts, table)[...], joint) }
    var others = parts
    let deep = others.remove(at: first)
    var sql = SQLText("(")
    sql.append(condition(deep, table))
    sql.append(joint)
    sql.append(balanced(conditions(others, table)[...], joint))
    sql.append(")")
    return sql
  }

  private mutating func conditions(_ parts: [Predicate], _ table: String) -> [SQLText] {
    var all: [SQLText] = []
    for part in parts { all.append(condition(part, table)) }
    return all
  }

  /// `(a AND b) AND (c AND d)`: SQLite bounds the depth of an expression, not its length.
  private func balanced(_ parts: ArraySlice<SQLText>, _ joint: String) -> SQLText {
    if parts.count <= 1 { return parts.first ?? SQLText(joint == " AND " ? "1" : "0") }
    let middle = parts.startIndex + parts.count / 2
    var sql = SQLText("(")
    sql.append(balanced(parts[..<middle], joint))
    sql.append(joint)
    sql.append(balanced(parts[middle...], joint))
    sql.append(")")
    return sql
  }

  private func wrapped(_ before: String, _ inner: SQLText) -> SQLText {
    SQLText("\(before)(") + inner + SQLText(")")
  }

  private func name(_ column: Column, _ table: String) -> String {
    "\(table).\(quoted(column.name))"
  }

  /// A column as PostgreSQL prints it; the functions know how it prints a float.
  private func text(of column: Column, _ table: String) -> String {
    let name = name(column, table)
    switch column.type {
    case .integer, .many2one: return "CAST(\(name) AS TEXT)"
    case .boolean: return "CASE \(name) WHEN 1 THEN 'true' WHEN 0 THEN 'false' END"
    default: return name
    }
  }

  /// Long lists travel as one JSON text: SQLite bounds the number of question marks.
  private func list(_ values: [Scalar]) -> SQLText {
    guard values.count > 64 else {
      return SQLText("(\(values.map { _ in "?" }.joined(separator: ",")))", values)
    }
    let json = JSON.array(values.filter(\.isFinite).map(\.json)).line()
    let infinite = Set(values.filter { !$0.isFinite })
    let others = String(repeating: " UNION ALL SELECT ?", count: infinite.count)
    return SQLText("(SELECT value FROM json_each(?)\(others))", [.text(json)] + infinite)
  }

  private mutating func members(of set: RecordSet) -> SQLText {
    switch set {
    case .known:
      // Only membership can be asked of it; this fails when it runs.
      return SQLText("SELECT \(KnownSets.function)(-1, 0)")
    case .ids(let ids):
      let json = JSON.array(ids.map { .int($0) }).line()
      return SQLText("SELECT value FROM json_each(?)", [.text(json)])
    case .matching(let model, let predicate): return select("id", from: model, where: predicate)
    case .union(let sets):
      var sql = SQLText()
      for (index, part) in sets.enumerated() {
        if index > 0 { sql.append(" UNION ALL ") }
        sql.append("SELECT * FROM (")
        sql.append(members(of: part))
        sql.append(")")
      }
      return sets.isEmpty ? members(of: .ids([])) : sql
    case .closure(let model, let parent, let roots, let up, let active):
      return closure(model, parent, roots, up: up, active: active)
    }
  }

  private mutating func closure(
    _ model: String, _ parent: String, _ roots: RecordSet, up: Bool, active: String?
  ) -> SQLText {
    let (tree, row) = (alias(), alias())
    let (from, to) = up ? ("\"id\"", quoted(parent)) : (quoted(parent), "\"id\"")
    var sql = SQLText("WITH RECURSIVE \(tree)(id) AS (SELECT * FROM (")
    sql.append(members(of: roots))
    sql.append(
      ") UNION SELECT \(row).\(to) FROM \(tree) JOIN \(quoted(model)) \(row)"
        + " ON \(row).\(from) = \(tree).id WHERE \(row).\(to) IS NOT NULL"
        + (active.map { " AND \(row).\(quoted($0)) = 1" } ?? "") + ") SELECT id FROM \(tree)")
    return sql
  }

  /// The records that have a line in the set; nil is any line.
  private mutating func owners(_ link: Link, _ set: RecordSet?) -> SQLText {
    let line = alias()
    guard let inverse = link.inverse, catalog[link.comodel]?[inverse]?.isPresent == true else {
      let pairs = quoted("\(link.model)/\(link.field)")
      var sql = SQLText("SELECT \(line).owner FROM \(pairs) \(line)")
      guard let set else { return sql }
      sql.append(" WHERE \(line).target IN (")
      sql.append(members(of: set))
      sql.append(")")
      return sql
    }
    let owner = "\(line).\(quoted(inverse))"
    var sql = SQLText(
      "SELECT \(owner) FROM \(quoted(link.comodel)) \(line) WHERE \(owner) IS NOT NULL")
    if let set {
      sql.append(" AND ")
      sql.append(lineCondition(line, set, of: link))
    }
    return sql
  }

  /// A line's own conditions are asked of it directly, without a second look at its table.
  private mutating func lineCondition(_ line: String, _ set: RecordSet, of link: Link) -> SQLText {
    if case .matching(link.comodel, let predicate) = set { return condition(predicate, line) }
    return condition(.isMember(.id, set, negated: false), line)
  }
}

extension SQLText {
  fileprivate static func + (left: SQLText, right: SQLText) -> SQLText {
    var sum = left
    sum.append(right)
    return sum
  }
}

extension Scalar {
  /// JSON has no infinity.
  fileprivate var isFinite: Bool {
    if case .real(let number) = self { number.isFinite } else { true }
  }

  fileprivate var json: JSON {
    switch self {
    case .null: .null
    case .boolean(let flag): .int(flag ? 1 : 0)
    case .integer(let number): .int(number)
    case .real(let number): .double(number)
    case .text(let text): .string(text)
    }
  }
}
