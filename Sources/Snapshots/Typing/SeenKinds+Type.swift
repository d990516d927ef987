internal import Language

extension SeenKinds {
  /// The type of a field with values of these kinds. Falses mean "unset" beside anything but a
  /// true.
  var type: FieldType {
    let rest = subtracting(.no)
    switch rest {
    case []: return isEmpty ? .char : .boolean
    case .yes: return .boolean
    case .integer: return .integer
    case .real, [.integer, .real]: return .float
    case .text: return .char
    case .reference: return .many2one
    case .ids: return .many2many
    default: return .other
    }
  }
}

/// What must be done with a column of a field that nobody described, now that all its values are in.
package enum ColumnEnding: Sendable, Hashable {
  /// Nothing: the values are what they should be.
  case asIs
  /// Whole numbers among others become REAL.
  case real
  /// Text of whole numbers becomes INTEGER.
  case integer
  /// `t`, `f` and `True` become 1 and 0.
  case boolean(blankIsFalse: Bool)
  /// Everything becomes JSON text; lists of ids come back from their own table, if there is one.
  case json(hasList: Bool)
}

extension Slot {
  /// The type of a field that nobody described.
  var seenType: FieldType { looks.isEmpty ? seen.type : looks.type }

  var ending: ColumnEnding {
    guard rule == .unknown else { return .asIs }
    if !looks.isEmpty { return looks.ending }
    switch seen.type {
    case .float where seen.contains(.integer): return .real
    case .other: return .json(hasList: list != Slot.none)
    default: return .asIs
    }
  }
}
