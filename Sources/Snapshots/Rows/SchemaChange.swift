/// What must be done to the tables before the rows of a batch can go in. Tables, id lists and name
/// lists are numbered from 0 in the order in which they turn up.
package enum SchemaChange: Sendable, Hashable {
  /// A table for the model's records, with the column `id`, which is column 0.
  case table(model: String)
  /// One more column of a table; its number is the next.
  case column(table: Int, name: String, ColumnType)
  /// A table of pairs, owner and target, for a list of ids.
  case list(model: String, field: String)
  /// Names of a model's records, as they stand in `[id, "name"]`.
  case names(model: String)
  /// The falses in a column of unknown type (stored as 0) turn out to mean "unset".
  case unsetFalses(table: Int, column: Int)
  /// The booleans in a column of unknown type turn out to be one kind of value among several.
  case spellBooleans(table: Int, column: Int)
  /// A table's records go on in another file: a row may be there already.
  case part(table: Int)
  /// The records of a table are nested in those of another; `back` is the column that points there.
  case nested(table: Int, owner: Int, back: String?)
}

/// How a column's values are stored.
package enum ColumnType: Sendable, Hashable {
  case integer, real, text
  /// Not known before all values have been seen.
  case any
}
