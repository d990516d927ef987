package import Faults
package import JSONText

/// A domain that Odoo would refuse, or that we refuse because its answer would be a hazard.
package struct DomainFault: Fault {
  package enum Kind: String, Sendable {
    case notADomain = "not_a_domain"
    case notATerm = "not_a_term"
    case missingOperand = "missing_operand"
    case unknownOperator = "unknown_operator"
    case tooLarge = "domain_too_large"
    case unknownField = "unknown_field"
    case unknownModel = "unknown_model"
    case notALink = "not_a_link"
    case notSearchable = "not_searchable"
    case absentField = "absent_field"
    case wrongValue = "wrong_value"
    case wrongOperator = "wrong_operator"
    case noHierarchy = "no_hierarchy"
    case unknownRecord = "unknown_record"
  }

  package let kind: Kind
  package let fact: String
  package let hint: String?
  /// Where in the JSON text.
  package let pointer: String
  package let position: TextPosition?
  /// Why we refuse where Odoo may answer; nil where Odoo refuses as well.
  package let departure: Departure?

  init(
    _ kind: Kind, _ fact: String, _ cursor: JSONCursor, hint: String? = nil,
    departure: Departure? = nil
  ) {
    self.init(kind, fact, Place(cursor), hint: hint, departure: departure)
  }

  init(
    _ kind: Kind, _ fact: String, _ place: Place?, hint: String? = nil,
    departure: Departure? = nil
  ) {
    self.kind = kind
    self.fact = fact
    self.hint = hint
    self.departure = departure
    pointer = place?.pointer ?? ""
    position = place?.position
  }

  package var code: String { kind.rawValue }
  package var message: String {
    guard let position else { return fact }
    return "\(position)\(pointer.isEmpty ? "" : " (\(pointer))"): \(fact)"
  }
  package var place: FaultPlace? { position?.place(pointer: pointer) }
  package var blame: Blame { .input }
}
