/// Notes the names that come along with ids, `[id, "name"]`, for models without records of their
/// own. What was noted lately is not noted again; a name that comes by late may be.
///
/// Odoo's name of a record can differ within one export, by the language or the context of whoever
/// asked: the first that comes counts, and it is told that there were others. The name of an id type
/// decides which value is a VID: of those, one has one name (docs/decisions/022).
final class NamesPlan {
  /// An id, and the print of its name.
  struct Noted: BitwiseCopyable {
    var id: Int64 = 0
    var print: UInt64 = 0
  }

  private static let cacheSize = 4_096
  /// Takes an id to its place among those noted lately.
  static let cacheMask = Int64(cacheSize - 1)

  let model: String
  let number: Int
  /// The model has got records of its own.
  var isOver = false
  /// Whether some id came with several names.
  private(set) var hasSeveral = false
  /// Kinds, types and places are few; a model with more names is one of persons, of which nothing
  /// hangs on the name.
  private static let most = 1 << 16
  private var prints: [Int64: UInt64] = [:]
  let noted: UnsafeMutablePointer<Noted>

  init(_ model: String, number: Int) {
    self.model = model
    self.number = number
    noted = .allocate(capacity: Self.cacheSize)
    noted.initialize(repeating: Noted(), count: Self.cacheSize)
  }

  deinit { noted.deallocate() }

  /// Whether that very name of the id was noted lately.
  @inline(__always) static func isKnown(
    _ id: Int64, _ print: UInt64, _ noted: UnsafeMutablePointer<Noted>
  ) -> Bool {
    let place = noted + Int(id & cacheMask)
    return place.pointee.id == id && place.pointee.print == print
  }

  /// Takes an id's name that `isKnown` does not know.
  /// - Returns: whether it is to be noted: it is the first of the id, as far as is remembered.
  /// - Throws: `contradiction` at `event` for a second name of an id type.
  func take(_ id: Int64, _ print: UInt64, event: Int) throws(RecordProblem) -> Bool {
    guard !isOver else { return false }
    let place = noted + Int(id & Self.cacheMask)
    if let first = prints[id] {
      place.pointee = Noted(id: id, print: first)
      guard first != print else { return false }
      guard model != JoinedVID.types else {
        throw RecordProblem(
          .disagreement, "the id type \(id) has another name elsewhere", event: event)
      }
      hasSeveral = true
      return false
    }
    if prints.count < Self.most { prints[id] = print }
    place.pointee = Noted(id: id, print: print)
    return true
  }

  /// A number that two names have in common only by chance, 1 in 2^64.
  @inline(__always) static func print(_ start: UnsafeRawPointer?, _ count: Int) -> UInt64 {
    var hash = 0x9E37_79B9_7F4A_7C15 ^ UInt64(truncatingIfNeeded: count)
    guard let start else { return hash }
    var at = 0
    while at + 8 <= count {
      mix(&hash, start.loadUnaligned(fromByteOffset: at, as: UInt64.self))
      at += 8
    }
    var rest: UInt64 = 0
    while at < count {
      rest = rest << 8 | UInt64(start.load(fromByteOffset: at, as: UInt8.self))
      at += 1
    }
    mix(&hash, rest)
    return hash
  }

  @inline(__always) private static func mix(_ hash: inout UInt64, _ word: UInt64) {
    let product = (hash ^ word).multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
    hash = (product.high ^ product.low) &+ 0x9E37_79B9_7F4A_7C15
  }
}
