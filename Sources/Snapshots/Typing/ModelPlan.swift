internal import CSimdjson
internal import Language

/// What is known of one model while its records pass through: a slot a field, in the order in which
/// the fields turned up.
final class ModelPlan {
  /// Where the model's records come from.
  enum Source: Equatable {
    case file(String)
    case nested(model: String, field: String)
  }

  let name: String
  /// The model's number, which is that of its table.
  let number: Int
  let source: Source
  let description: ModelDescription?
  let slots = Pile<Slot>(capacity: 64)
  /// What every record looks at.
  let shape: UnsafeMutablePointer<Shape>
  /// The fields of the columns, in their order.
  private(set) var columns = ["id"]
  /// The many2ones that point back to owners, and the owners' models.
  private(set) var backs: [String: String] = [:]
  /// The last id that was given to a record that came without; they go down from -1, through all files
  /// of the model.
  let unnamed = Pile<Int64>(capacity: 1)
  private var numbers: [String: Int32] = [:]
  private var lowercased: Set<String> = []

  struct Shape: BitwiseCopyable {
    /// The slot that the last record began with.
    var first = Slot.none
    /// The number of columns.
    var width = 1
  }

  init(_ name: String, number: Int, source: Source, description: ModelDescription?) {
    self.name = name
    self.number = number
    self.source = source
    self.description = description
    shape = .allocate(capacity: 1)
    shape.initialize(to: Shape())
    unnamed.append(0)
  }

  deinit {
    for slot in slots.elements { slot.key.deallocate() }
    shape.deallocate()
  }

  var width: Int { shape.pointee.width }

  /// The slot of a field by name; nil if no record had it.
  subscript(field: String) -> Int32? { numbers[field] }

  func name(of slot: Int32) -> String { String(decoding: keyBytes(slot), as: UTF8.self) }

  /// Adds a slot for a field that no record had so far.
  /// - Throws: a problem at `event`, if the name or the number of fields is not to be had.
  func add(
    _ field: String, limit: Int, event: Int, as known: FieldRule? = nil
  ) throws(RecordProblem) -> Int32 {
    guard FieldName.isGood(field.utf8) else {
      throw RecordProblem(
        .badFieldName, "a field's name must be letters, digits and _, 63 at most", event: event)
    }
    guard slots.count < limit else {
      throw RecordProblem(.tooManyFields, "\(name) has more than \(limit) fields", event: event)
    }
    guard lowercased.insert(field.lowercased()).inserted else {
      throw RecordProblem(
        .badFieldName, "the names of two fields differ in nothing but small and capital letters",
        event: event)
    }
    let rule =
      description?[field].map(FieldRule.init) ?? known ?? (field == "id" ? .id : .unknown)
    slots.append(Slot(key: Self.copy(field), length: UInt32(field.utf8.count), rule: rule))
    numbers[field] = Int32(slots.count - 1)
    if rule == .id { slots.elements[slots.count - 1].column = 0 }
    return Int32(slots.count - 1)
  }

  /// Adds the slot of a many2one that points back to the records that this model's are nested in.
  func addBack(_ field: String, to owner: String, event: Int) throws(RecordProblem) -> Int32 {
    backs[field] = owner
    return try add(field, limit: .max, event: event, as: .many2one)
  }

  /// The slot of the external id's text.
  func externalSlot(event: Int) throws(RecordProblem) -> Int32 {
    if let known = self[ExternalID.field] { return known }
    return try add(ExternalID.field, limit: .max, event: event, as: .text)
  }

  /// Gives the slot the next column.
  func addColumn(for slot: Int32) {
    slots.elements[Int(slot)].column = Int32(columns.count)
    columns.append(name(of: slot))
    shape.pointee.width = columns.count
  }

  /// Whether the slot is that of the key.
  @inline(__always) static func matches(_ slot: UnsafeMutablePointer<Slot>, _ key: sj_event) -> Bool
  {
    slot.pointee.keyLength == key.length
      && same(slot.pointee.key, key.payload.bytes, Int(key.length))
  }

  /// Compares eight bytes at a time. Both texts have that much room behind their end: ours by
  /// `copy`, the parser's by its padding.
  @inline(__always) private static func same(
    _ a: UnsafePointer<CChar>, _ b: UnsafePointer<CChar>, _ count: Int
  ) -> Bool {
    let (a, b) = (UnsafeRawPointer(a), UnsafeRawPointer(b))
    var at = 0
    while at + 8 <= count {
      guard word(a, at) == word(b, at) else { return false }
      at += 8
    }
    let rest = UInt64(count - at) * 8
    return rest == 0 || (word(a, at) ^ word(b, at)) << (64 - rest) == 0
  }

  @inline(__always) private static func word(_ text: UnsafeRawPointer, _ at: Int) -> UInt64 {
    UInt64(littleEndian: text.loadUnaligned(fromByteOffset: at, as: UInt64.self))
  }

  private func keyBytes(_ slot: Int32) -> UnsafeRawBufferPointer {
    let slot = slots.elements[Int(slot)]
    return UnsafeRawBufferPointer(start: slot.key, count: Int(slot.keyLength))
  }

  private static func copy(_ field: String) -> UnsafePointer<CChar> {
    let bytes = UnsafeMutablePointer<CChar>.allocate(capacity: field.utf8.count + 8)
    bytes.initialize(repeating: 0, count: field.utf8.count + 8)
    for (index, byte) in field.utf8.enumerated() { bytes[index] = CChar(bitPattern: byte) }
    return UnsafePointer(bytes)
  }
}
