package import Language

/// What a job reads of the snapshot: who, and which fields of them, each as the text that is sent.
package struct Selection: Sendable {
  package var query: Query
  package let fields: [SelectedField]
  package var order = SelectionOrder()
  package let vid: VIDSource

  package init(query: Query, fields: [SelectedField], vid: VIDSource) {
    self.query = query
    self.fields = fields
    self.vid = vid
  }
}

extension Selection {
  /// One row a record in the selection's order: id, VID or NULL, then the fields.
  func sql(catalog: ModelCatalog) -> SQLText {
    var sql = SQLText("SELECT p.\"id\", ")
    sql.append(vid.expression)
    for field in fields { sql.append(", " + field.expression) }
    sql.append(" FROM \(quoted(query.model)) p WHERE ")
    sql.append(PredicateSQL.condition(query, alias: "p", catalog: catalog))
    sql.append(order.clause(of: "p"))
    return sql
  }
}

extension VIDSource {
  /// The VID of the row `p` as text, NULL if it has none.
  fileprivate var expression: SQLText {
    switch self {
    case .registrantIDs(let types): newest(of: types)
    case .field(let field): SQLText(field.expression)
    }
  }

  /// The value of the registrant's own newest id of the VID type that is not blank, as upstream
  /// takes the newest.
  private func newest(of types: [Int64]) -> SQLText {
    var sql = SQLText(
      "(SELECT v.\"value\" FROM \"g2p.reg.id\" v WHERE v.\"partner_id\" = p.\"id\" AND v.\"id_type\" IN ("
    )
    for (index, type) in types.enumerated() {
      if index > 0 { sql.append(",") }
      sql.bind(.integer(type))
    }
    sql.append(
      ") AND NOT \(TextFunctions.isBlank)(v.\"value\") ORDER BY v.\"id\" DESC LIMIT 1)")
    return sql
  }
}
