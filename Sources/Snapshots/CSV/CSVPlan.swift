internal import Language

/// What the columns of one file of records mean. Worked out once, from the header and a look at the
/// first row; see `CSVPlanning`.
struct CSVPlan {
  /// Who wrote the file.
  enum Style {
    /// PostgreSQL, a table as it is: NULL is nothing, an empty text is `""`, booleans `t` and `f`.
    case copy
    /// Odoo's export dialogue: one record over several rows, labels for choices, names for links.
    case export
  }

  let style: Style
  /// The first is the file's own model, the others are lines of its records.
  let groups: [CSVGroup]
  let choices: [Choices]
  /// The models that links and lists lead to.
  let linked: [Linked]

  /// The columns that are no texts: nothing in them is NULL, and no empty text.
  var typedColumns: Set<Int> {
    let simple: Set<FieldRule> = [.id, .integer, .real, .boolean, .date, .datetime, .many2one]
    return Set(
      groups.flatMap { group in
        group.values.elements.filter { simple.contains($0.rule) }.map { Int($0.cell) }
      })
  }

  final class Linked {
    let model: String
    /// Whether some record was given an id of ours, by its name or by its external id.
    var isMadeUp = false
    var isExternal = false

    init(model: String) { self.model = model }
  }

  /// The labels of a field's choices, and their keys.
  struct Choices {
    let keys: [[UInt8]]
    let labels: [[UInt8]]
    /// What is neither.
    let kept: KeptValues

    init?(_ field: FieldDescription?, _ kept: KeptValues) {
      self.kept = kept
      guard let field, field.type == .selection, !field.selectionLabels.isEmpty else { return nil }
      keys = field.selection.map { Array($0.utf8) }
      labels = field.selectionLabels.map { Array($0.utf8) }
    }

    /// The number of the choice that is meant, by label or else by key.
    func find(_ text: UnsafeBufferPointer<UInt8>) -> Int? {
      labels.firstIndex { $0.elementsEqual(text) } ?? keys.firstIndex { $0.elementsEqual(text) }
    }
  }

  /// Whether a header is of Odoo's export dialogue or of a table; nil if the first row must tell.
  static func style(_ names: [String], of model: String, in catalog: ModelCatalog) -> Style? {
    let isTable = names.allSatisfy { FieldName.isGood($0.utf8) && $0 != "ID" }
    guard isTable, names.contains(CSVPath.externalID) else { return .export }
    return nil
  }
}
