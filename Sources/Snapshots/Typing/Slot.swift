/// What is known of one field of one model while its records pass through. Plain bytes, so that
/// looking at it costs nothing.
struct Slot: BitwiseCopyable {
  static let none: Int32 = -1

  /// The field's name; owned by the plan.
  let key: UnsafePointer<CChar>
  let keyLength: UInt32
  let rule: FieldRule
  /// What kinds of values came, for a field of unknown type.
  var seen: SeenKinds = []
  /// What its cells look like in CSV, for a field of unknown type.
  var looks: TextKinds = []
  /// Whether its lists held ids, or records.
  var hadIDs = false
  var hadRecords = false
  /// Rows of CSV went on in it: it is a list, of which too little is told.
  var goesOn = false
  /// The column of the values, once there is one.
  var column = none
  /// The list that ids go into, once there is one.
  var list = none
  /// The number of the model of nested records, and its column that points back to the owner.
  var child = none
  var back = none
  /// The number of the names of the other model, and what of them was noted lately.
  var names = none
  var noted: UnsafeMutablePointer<NamesPlan.Noted>?
  /// The slot that followed this one in the last record.
  var follower = none
  /// The last record that had this field.
  var record: UInt64 = 0

  init(key: UnsafePointer<CChar>, length: UInt32, rule: FieldRule) {
    self.key = key
    keyLength = length
    self.rule = rule
  }
}

/// The kinds of values that a field of unknown type was seen with; null is none.
struct SeenKinds: OptionSet, BitwiseCopyable {
  let rawValue: UInt8

  static let no = SeenKinds(rawValue: 1)
  static let yes = SeenKinds(rawValue: 2)
  static let integer = SeenKinds(rawValue: 4)
  static let real = SeenKinds(rawValue: 8)
  static let text = SeenKinds(rawValue: 16)
  /// `[id, "name"]`.
  static let reference = SeenKinds(rawValue: 32)
  static let ids = SeenKinds(rawValue: 64)
  static let other = SeenKinds(rawValue: 128)

  static let booleans: SeenKinds = [.no, .yes]
}
