internal import Language

/// Names of PostgreSQL's tables: those of models, with `_` for `.`, and those of relations.
enum TableName {
  static func of(_ model: String) -> String {
    String(model.map { $0 == "." ? "_" : $0 })
  }

  /// The model of a table, or of a file that is named by the model itself: `res_partner`,
  /// `public.res_partner`, `res.partner`.
  static func model(_ name: String, in catalog: ModelCatalog) -> String {
    let table = bare(name)
    if let known = catalog.models.keys.first(where: { of($0) == of(table) }) { return known }
    return table.contains(".") ? table : String(table.map { $0 == "_" ? "." : $0 })
  }

  /// The name without the schema of all Odoo tables.
  static func bare(_ name: String) -> String {
    let schema = "public."
    return name.hasPrefix(schema) ? String(name.dropFirst(schema.count)) : name
  }

  /// How files end that are tables by their names.
  private static let endings = [".csv", ".tsv", ".copy"]

  /// What a table's file is named by, without what it was named on top of that: `.copy`, `.export…`.
  static func stem(_ file: String) -> String? {
    guard let ending = endings.first(where: file.hasSuffix) else { return nil }
    var parts = file.dropLast(ending.count).split(separator: ".", omittingEmptySubsequences: false)
    if parts.count > 1, let last = parts.last, last == "copy" || last.hasPrefix("export") {
      parts.removeLast()
    }
    return parts.joined(separator: ".")
  }
}
