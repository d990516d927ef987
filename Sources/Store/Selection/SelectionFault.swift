package import Faults
import JSONText
import Language

/// A field that cannot be sent.
package struct SelectionFault: Fault {
  package enum Kind: String, Sendable {
    case unknown = "unknown_field"
    case absent = "absent_field"
    case noText = "field_has_no_text"
    case noLink = "field_is_no_link"
    case noOrder = "field_has_no_order"
  }

  package let kind: Kind
  package let message: String
  package let hint: String?

  init(_ kind: Kind, _ name: String, model: ModelDescription) {
    self.kind = kind
    let shown = Spelling.shown(name)
    switch kind {
    case .unknown:
      message = "\(model.name) has no field \(shown)"
      hint = Spelling.nearest(to: name, among: model.fields.keys).map { "did you mean \"\($0)\"?" }
    case .absent:
      message = "the snapshot in force does not hold the field \(shown)"
      hint = "export that field as well, or leave it out"
    case .noText:
      message = "the field \(shown) has no text of its own that could be sent"
      hint = "select fields of text, numbers, dates, choices or links to one record"
    case .noOrder:
      message = "registrants cannot be sorted by the field \(shown)"
      hint = "sort by stored fields of text, numbers, dates, choices or true and false"
    case .noLink:
      message = "the path \(shown) does not lead over links to one record"
      hint = "each name before a dot must be a many2one field, or a group of the form"
    }
  }

  package var code: String { kind.rawValue }
  package var blame: Blame { .input }
}
