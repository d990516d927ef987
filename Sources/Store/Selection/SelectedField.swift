package import Language

/// A field that can be sent as text: of the record itself, or over many2one links, each a hop
/// (`district.state_id.name`).
package struct SelectedField: Sendable, Equatable {
  /// One many2one on the way.
  package struct Hop: Sendable, Equatable {
    package let column: String
    package let model: String
  }

  /// The path as it was asked for.
  package let name: String
  package let hops: [Hop]
  /// The model of the last field, and its name there.
  package let model: String
  package let column: String
  package let type: FieldType
  /// For links: the co-model, and the field that names its records.
  package let relation: String?
  package let nameField: String?
  /// Whether records may be known by an external id alone: that is sent as their id then.
  private let isExternal: Bool

  /// The most hops of a path.
  private static let mostHops = 8

  /// - Throws: `SelectionFault` for a field that is unknown, absent from the snapshot, or of a type
  ///   that has no text (one2many, binary), and for a path over anything but many2one links.
  package init(
    _ name: String, of model: ModelDescription, in catalog: ModelCatalog
  ) throws(SelectionFault) {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    var (at, hops) = (model, [Hop]())
    for part in parts.dropLast() {
      let field = try Self.field(part, of: at, asked: name)
      guard field.type == .many2one, let relation = field.relation, let next = catalog[relation],
        hops.count < Self.mostHops
      else { throw SelectionFault(.noLink, name, model: at) }
      hops.append(Hop(column: part, model: relation))
      at = next
    }
    let field = try Self.field(parts.last ?? name, of: at, asked: name)
    isExternal = field.name == "id" && at.hasExternalIDs
    (relation, nameField) = try Self.link(field, name, at, catalog)
    self.name = name
    self.hops = hops
    self.model = at.name
    column = field.name
    type = field.type
  }

  private static func field(
    _ part: String, of model: ModelDescription, asked name: String
  ) throws(SelectionFault) -> FieldDescription {
    guard let field = model[part] else { throw SelectionFault(.unknown, part, model: model) }
    guard field.isPresent else { throw SelectionFault(.absent, name, model: model) }
    return field
  }

  /// For links, the co-model and the field that names its records.
  private static func link(
    _ field: FieldDescription, _ name: String, _ model: ModelDescription, _ catalog: ModelCatalog
  ) throws(SelectionFault) -> (relation: String?, nameField: String?) {
    switch field.type {
    case .one2many, .binary, .other: throw SelectionFault(.noText, name, model: model)
    case .many2one, .many2many:
      let nameField = field.relation.flatMap { catalog[$0] }.flatMap { comodel in
        ["complete_name", "name", "value"].first { comodel[$0]?.isPresent == true }
      }
      guard field.type == .many2one || nameField != nil else {
        throw SelectionFault(.noText, name, model: model)
      }
      return (field.relation, nameField)
    default: return (nil, nil)
    }
  }
}

extension SelectedField {
  /// The field as text, in the form that is sent: dates with slashes, numbers in their shortest
  /// form, links by name. The row of the query's model is `p`.
  var expression: String {
    let last = hops.isEmpty ? "p" : "h\(hops.count)"
    var sql = text(of: last)
    for (index, hop) in hops.enumerated().reversed() {
      let (here, before) = ("h\(index + 1)", index == 0 ? "p" : "h\(index)")
      sql =
        "(SELECT \(sql) FROM \(quoted(hop.model)) \(here)"
        + " WHERE \(here).\"id\" = \(before).\(quoted(hop.column)))"
    }
    return sql
  }

  private func text(of row: String) -> String {
    let column = "\(row).\(quoted(column))"
    switch type {
    case .integer where isExternal: return ExternalIDText.expression(of: row)
    case .integer: return "CAST(\(column) AS TEXT)"
    case .float, .monetary: return "\(TextFunctions.floatText)(\(column))"
    case .boolean: return "CASE \(column) WHEN 1 THEN 'true' WHEN 0 THEN 'false' END"
    case .date, .datetime: return "replace(\(column), '-', '/')"
    case .many2one:
      guard let relation, let nameField else { return "CAST(\(column) AS TEXT)" }
      return "(SELECT c.\(quoted(nameField)) FROM \(quoted(relation)) c WHERE c.\"id\" = \(column))"
    case .many2many:
      guard let relation, let nameField else { return "NULL" }
      return "(SELECT group_concat(n, ', ') FROM (SELECT c.\(quoted(nameField)) AS n"
        + " FROM \(PairTable.name(model, self.column)) l JOIN \(quoted(relation)) c"
        + " ON c.\"id\" = l.target WHERE l.owner = \(row).\"id\" ORDER BY c.\"id\"))"
    default: return column
    }
  }
}
