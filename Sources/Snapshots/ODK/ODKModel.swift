internal import CSimdjson

/// One table of a form while submissions pass through: the form itself, a group or a repeat.
final class ODKModel {
  /// What a name of the form has become.
  final class Field {
    enum Kind { case value, group, repetition }

    let name: String
    /// The name's bytes, with room behind them as the parser's keys have.
    let key: UnsafeMutablePointer<CChar>
    let length: UInt32
    var kind: Kind?
    var child: ODKModel?

    init(_ name: String) {
      self.name = name
      length = UInt32(name.utf8.count)
      key = .allocate(capacity: name.utf8.count + 8)
      key.initialize(repeating: 0, count: name.utf8.count + 8)
      for (index, byte) in name.utf8.enumerated() { key[index] = CChar(bitPattern: byte) }
    }

    deinit { key.deallocate() }
  }

  let plan: ModelPlan
  /// The last id that was given.
  var lastID: Int64 = 0
  private let reserved: Set<String>
  private(set) var fields: [String: Field] = [:]
  private var taken: [String: String] = [:]

  /// - Parameter reserved: names that are ours in this table; the form's own get a `_` behind them.
  init(_ plan: ModelPlan, reserved: Set<String>) {
    self.plan = plan
    self.reserved = reserved
    for name in reserved { taken[name] = "" }
  }

  /// A field that is ours.
  func own(_ name: String) -> Field {
    if let known = fields["\u{0}" + name] { return known }
    let field = Field(name)
    field.kind = .value
    fields["\u{0}" + name] = field
    return field
  }

  /// The field of a name of the form.
  /// - Throws: a problem, if its safe form is that of another name.
  func field(_ raw: String, at event: Int, limit: Int) throws(RecordProblem) -> Field {
    if let known = fields[raw] { return known }
    guard fields.count < limit else {
      throw RecordProblem(.tooManyFields, "a group has more than \(limit) fields", event: event)
    }
    let name = Self.safe(raw, reserved)
    guard taken.updateValue(raw, forKey: name.lowercased()) == nil else {
      throw RecordProblem(
        .badFieldName, "two names of the form become the same name in the store", event: event)
    }
    let field = Field(name)
    fields[raw] = field
    return field
  }

  /// Letters, digits and `_`, 63 at most.
  static func safe(_ raw: String, _ reserved: Set<String>) -> String {
    var name = String(
      raw.unicodeScalars.prefix(62).map { scalar -> Character in
        let isPlain =
          scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
        return isPlain ? Character(scalar) : "_"
      })
    if name.first?.isNumber ?? true { name = "_" + name.prefix(61) }
    return reserved.contains(name.lowercased()) ? name + "_" : name
  }

  /// The part of a model's name that a field makes.
  static func part(_ field: String) -> String {
    let part = field.lowercased()
    return part.first?.isLetter == true ? part : "f" + part
  }
}
