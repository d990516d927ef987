package import Faults
import JSONText
package import Language

/// Something that the snapshot lacks and a query asks about, so that Odoo may answer otherwise.
package struct Lack: Fault {
  package enum Kind: String, Sendable {
    /// The form of the export has lost something of a field's values.
    case lostOnExport = "lost_on_export"
    /// Records that are linked did not come, and not all of their names did.
    case namesNotExported = "names_not_exported"
  }

  package let kind: Kind
  package let fact: String
  package let hint: String?
  /// The field, as a manifest's `accept_loss` names it: `income`, or `g2p.reg.id.expiry_date`.
  package let field: String
  /// Whether people may be picked whom Odoo would not pick, just since something is not known.
  package let mayPickTooMany: Bool
  package let spot: Place?

  package var code: String { kind.rawValue }
  package var message: String {
    guard let spot else { return fact }
    return "\(spot.position)\(spot.pointer.isEmpty ? "" : " (\(spot.pointer))"): \(fact)"
  }
  package var place: FaultPlace? { spot.map { $0.position.place(pointer: $0.pointer) } }
  package var blame: Blame { .input }

  var warning: DomainWarning? {
    spot.map { DomainWarning(code: code, message: fact, place: $0) }
  }
}

extension Query {
  /// Everything of the kind, each field once.
  package func lacks(over snapshot: SnapshotStore) throws -> [Lack] {
    try snapshot.timed {
      try losses(over: snapshot) + UnknownNames(of: self, over: snapshot).lacks()
    }
  }

  func name(of field: String, in model: String) -> String {
    model == self.model ? field : "\(model).\(field)"
  }
}
