internal import CSimdjson

/// `enum sj_kind` of the shim, case by case.
enum EventKind: UInt8 {
  case null, `false`, `true`, integer, natural, real, text, key, object, array, end
}

extension sj_event {
  /// The shim makes no other kinds.
  @inline(__always) var sort: EventKind { unsafeBitCast(kind, to: EventKind.self) }

  /// For an object or array, the index of its end.
  @inline(__always) var end: Int { Int(payload.natural) }
}

extension EventKind {
  /// The kind in words, for messages: never the value.
  var words: String {
    switch self {
    case .null: "null"
    case .false, .true: "true or false"
    case .integer, .natural: "a whole number"
    case .real: "a number with a fraction"
    case .text: "text"
    case .array: "a list"
    case .object: "an object"
    case .key, .end: "the end"
    }
  }
}
