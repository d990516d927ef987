internal import GRDB
internal import Language
internal import Snapshots

/// Looks at the text of submissions for what it is: a column that holds nothing but dates is a date,
/// and so on. Times become UTC. In a CSV file, where all is text, numbers are looked for as well; they
/// have nine digits at most, so that ids and telephone numbers stay text.
struct ODKTypes {
  private let db: Database
  private let contents: SnapshotContents

  init(_ db: Database, _ contents: SnapshotContents) {
    self.db = db
    self.contents = contents
  }

  /// A type, the condition that a text is of it, and the text in its stored form.
  private struct Kind: Sendable {
    let type: FieldType
    let condition: @Sendable (String) -> String
    let stored: (@Sendable (String) -> String)?
  }

  /// Text that stays text whatever it looks like.
  private static let keys: Set = [ODK.instanceID, ODK.parentKey]

  private var kinds: [Kind] {
    contents.form == .odkTables ? Self.tableKinds + Self.kinds : Self.kinds
  }

  private static let tableKinds = [
    Kind(type: .boolean, condition: { "\($0) IN ('true', 'false')" }, stored: { "\($0) = 'true'" }),
    Kind(type: .integer, condition: isWhole, stored: { "CAST(\($0) AS INTEGER)" }),
    Kind(
      type: .float,
      condition: { name in
        let digits = "ltrim(\(name), '-')"
        return """
          (\(isWhole(name)) OR (\(digits) GLOB '[0-9]*.[0-9]*' AND \(digits) NOT GLOB '*[^0-9.]*'
          AND \(digits) NOT GLOB '0[0-9]*' AND \(digits) NOT GLOB '*.*.*' AND length(\(name)) < 18
          AND \(name) NOT GLOB '--*'))
          """
      },
      stored: { "CAST(\($0) AS REAL)" }),
  ]

  /// As we would write it ourselves: no zero in front, no sign for nothing.
  @Sendable private static func isWhole(_ name: String) -> String {
    "(CAST(CAST(\(name) AS INTEGER) AS TEXT) = \(name) AND length(ltrim(\(name), '-')) < 10)"
  }

  private static let kinds = [
    Kind(
      type: .date,
      condition: {
        "\($0) GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]' AND date(\($0)) = \($0)"
      },
      stored: nil),
    Kind(
      type: .datetime,
      condition: { name in
        let day = "substr(\(name), 1, 10)"
        return """
          \(name) GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:*'
          AND (\(name) GLOB '*Z' OR \(name) GLOB '*[+-][0-9][0-9]:[0-9][0-9]')
          AND date(\(day)) = \(day) AND strftime('%s', \(name)) IS NOT NULL
          """
      },
      stored: { "rtrim(rtrim(strftime('%Y-%m-%d %H:%M:%f', \($0)), '0'), '.')" }),
  ]

  /// Settles all columns of text, and gives the contents with their types.
  func settle() throws -> SnapshotContents {
    var catalog = contents.catalog
    for table in contents.tables {
      let texts = table.columns.map(\.name).filter { name in
        catalog[table.model]?[name]?.type == .char && !Self.keys.contains(name)
      }
      for column in texts {
        guard let kind = try kind(of: column, in: table.model) else { continue }
        catalog[table.model]?[column]?.type = kind.type
        guard let stored = kind.stored else { continue }
        let name = quoted(column)
        try db.execute(sql: "UPDATE \(quoted(table.model)) SET \(name) = \(stored(name))")
      }
    }
    return SnapshotContents(
      form: contents.form, tables: contents.tables, lists: contents.lists, names: contents.names,
      catalog: catalog, notes: contents.notes)
  }

  /// The type that all values of a column are of; nil if they are plain text.
  private func kind(of column: String, in model: String) throws -> Kind? {
    let name = quoted(column)
    let kinds = kinds
    let counts = kinds.map { "count(*) FILTER (WHERE \($0.condition(name)))" }
    let row = try Row.fetchOne(
      db,
      sql: "SELECT count(\(name)), \(counts.joined(separator: ", ")) FROM \(quoted(model))")
    guard let row, let all = row[0] as Int?, all > 0 else { return nil }
    return kinds.enumerated().first { index, _ in row[index + 1] as Int? == all }?.element
  }
}
