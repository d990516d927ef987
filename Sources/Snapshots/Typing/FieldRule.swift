internal import Language

/// What is to be done with the values of one field. Worked out once for each field of each model,
/// looked at once for each value.
enum FieldRule: UInt8, BitwiseCopyable {
  case id
  case integer, real, boolean, text, date, datetime, many2one
  /// Ids, or records of the other model.
  case lines
  /// Kept as JSON text.
  case json
  /// A text, or the JSON of its translations.
  case translated
  /// Not kept: computed by Odoo, or binary.
  case ignored
  /// Nothing was said of the field: its type is read off its values.
  case unknown

  init(_ field: FieldDescription) {
    let rule: FieldRule =
      field.name == "id" ? .id : FieldRule(field.type, isStored: field.isStored)
    self = rule == .text && field.isTranslated ? .translated : rule
  }

  private init(_ type: FieldType, isStored: Bool) {
    self =
      switch type {
      case .binary: .ignored
      case _ where !isStored && !type.isToMany: .ignored
      case .char, .text, .html, .selection: .text
      case .integer: .integer
      case .float, .monetary: .real
      case .boolean: .boolean
      case .date: .date
      case .datetime: .datetime
      case .many2one: .many2one
      case .one2many, .many2many: .lines
      case .other: .json
      }
  }

  /// The column that holds the values; nil if they are in a table of their own, or not known yet.
  var columnType: ColumnType? {
    switch self {
    case .integer, .boolean, .many2one, .id: .integer
    case .real: .real
    case .text, .translated, .date, .datetime, .json: .text
    case .unknown: .any
    case .lines, .ignored: nil
    }
  }
}
