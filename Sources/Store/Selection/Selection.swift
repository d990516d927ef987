package import Language

/// What a job reads of the registry: who, and which fields of them, each as the text that is sent.
package struct Selection: Sendable {
  package var query: Query
  package let fields: [SelectedField]
  /// Ids of the id type that holds the VID.
  package let vidTypes: [Int64]
  package let limit: Int?

  package init(query: Query, fields: [SelectedField], vidTypes: [Int64], limit: Int?) {
    self.query = query
    self.fields = fields
    self.vidTypes = vidTypes
    self.limit = limit
  }
}

/// A field that can be sent as text.
package struct SelectedField: Sendable, Equatable {
  package let name: String
  package let type: FieldType
  /// For links: the co-model, and the field that names its records.
  package let relation: String?
  package let nameField: String?

  /// - Throws: `SelectionFault` for a field that is unknown, absent from the
  ///   snapshot, or of a type that has no text (one2many, binary).
  package init(
    _ name: String, of model: ModelDescription, in catalog: ModelCatalog
  ) throws(SelectionFault) {
    guard let field = model[name] else {
      throw SelectionFault(.unknown, name, model: model)
    }
    guard field.isPresent else { throw SelectionFault(.absent, name, model: model) }
    switch field.type {
    case .one2many, .binary, .other: throw SelectionFault(.noText, name, model: model)
    case .many2one, .many2many:
      relation = field.relation
      nameField = field.relation.flatMap { catalog[$0] }.flatMap { comodel in
        ["complete_name", "name", "value"].first { comodel[$0]?.isPresent == true }
      }
    default: (relation, nameField) = (nil, nil)
    }
    if field.type == .many2many, nameField == nil {
      throw SelectionFault(.noText, name, model: model)
    }
    self.name = name
    type = field.type
  }
}

extension Selection {
  /// One row a registrant in ascending id: id, VID or NULL, then the fields.
  func sql(catalog: ModelCatalog) -> SQLText {
    var sql = SQLText("SELECT p.\"id\", ")
    sql.append(vid)
    for field in fields { sql.append(", " + field.expression) }
    sql.append(" FROM \(quoted(query.model)) p WHERE ")
    sql.append(PredicateSQL.condition(query, alias: "p", catalog: catalog))
    sql.append(" ORDER BY p.\"id\"")
    if let limit {
      sql.append(" LIMIT ")
      sql.bind(.integer(Int64(limit)))
    }
    return sql
  }

  /// The value of the registrant's own newest id of the VID type that is not blank, as upstream
  /// takes the newest.
  private var vid: SQLText {
    var sql = SQLText(
      "(SELECT v.\"value\" FROM \"g2p.reg.id\" v WHERE v.\"partner_id\" = p.\"id\" AND v.\"id_type\" IN ("
    )
    for (index, type) in vidTypes.enumerated() {
      if index > 0 { sql.append(",") }
      sql.bind(.integer(type))
    }
    sql.append(") AND trim(v.\"value\", char(32, 9, 10, 13)) <> '' ORDER BY v.\"id\" DESC LIMIT 1)")
    return sql
  }
}

extension SelectedField {
  /// The field as text, in the form that is sent: dates with slashes, numbers in their shortest
  /// form, links by name.
  fileprivate var expression: String {
    let column = "p.\(quoted(name))"
    switch type {
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
        + " FROM \(quoted("res.partner/\(name)")) l JOIN \(quoted(relation)) c ON c.\"id\" = l.target"
        + " WHERE l.owner = p.\"id\" ORDER BY c.\"id\"))"
    default: return column
    }
  }
}
