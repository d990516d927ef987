package import Language

/// What comes first in a selection, as PostgreSQL sorts under Odoo 17: text by code points (Odoo
/// makes its databases with the collation C), an unset boolean as false, and the unset of other
/// types after all others, or first if the order is descending. `id` always decides at last.
package struct SelectionOrder: Sendable, Equatable {
  private struct Column: Sendable, Equatable {
    let name: String
    let isBoolean: Bool
    let isDescending: Bool
    let unsetFirst: Bool
  }

  private var columns: [Column] = []

  /// By ascending id.
  package init() {}

  /// Adds a term behind those that are there.
  /// - Throws: `SelectionFault` for a field that is unknown, not in the snapshot, not stored, or of a
  ///   type that has no order of its own: Odoo sorts links by the other model's order.
  package mutating func append(
    _ term: OrderTerm, of model: ModelDescription
  ) throws(SelectionFault) {
    guard let field = model[term.field] else {
      throw SelectionFault(.unknown, term.field, model: model)
    }
    guard !field.type.isRelational, field.type != .binary, field.type != .other, field.isStored
    else { throw SelectionFault(.noOrder, term.field, model: model) }
    guard field.isPresent else { throw SelectionFault(.absent, term.field, model: model) }
    columns.append(
      Column(
        name: field.name, isBoolean: field.type == .boolean, isDescending: term.isDescending,
        unsetFirst: term.unsetFirst))
  }

  /// ` ORDER BY …`; names are the catalog's own, and quoted.
  func clause(of row: String) -> String {
    let terms = columns.map { column in
      let name = "\(row).\(quoted(column.name))"
      return (column.isBoolean ? "coalesce(\(name), 0)" : name)
        + (column.isDescending ? " DESC" : " ASC")
        + (column.unsetFirst ? " NULLS FIRST" : " NULLS LAST")
    }
    let isByID = columns.contains { $0.name == "id" }
    return " ORDER BY " + (terms + (isByID ? [] : ["\(row).\"id\""])).joined(separator: ", ")
  }
}
