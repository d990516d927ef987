/// Notes the names that come along with ids, `[id, "name"]`, for models without records of their
/// own. What was noted lately is not noted again; a name that comes by late may be.
final class NamesPlan {
  private static let cacheSize = 4_096
  /// Takes an id to its place among those noted lately.
  static let cacheMask = Int64(cacheSize - 1)

  let model: String
  let number: Int
  /// The model has got records of its own.
  var isOver = false
  /// Kinds, types and places are few; a model with more names is one of persons, of which nothing
  /// hangs on the name.
  private static let most = 1 << 16
  private var hashes: [Int64: Int] = [:]
  let noted: UnsafeMutablePointer<Int64>

  init(_ model: String, number: Int) {
    self.model = model
    self.number = number
    noted = .allocate(capacity: Self.cacheSize)
    noted.initialize(repeating: 0, count: Self.cacheSize)
  }

  /// Sees that an id has one name in all of the drop: of the first 65,536 ids; hashes are kept.
  /// - Throws: `contradiction` at `event`.
  func requireOne(
    _ name: UnsafeBufferPointer<UInt8>, of id: Int64, event: Int
  ) throws(RecordProblem) {
    var hasher = Hasher()
    hasher.combine(bytes: UnsafeRawBufferPointer(name))
    let hash = hasher.finalize()
    if let other = hashes[id] {
      guard other != hash else { return }
      throw RecordProblem(
        .disagreement, "the linked record \(id) has another name elsewhere", event: event)
    }
    if hashes.count < Self.most { hashes[id] = hash }
  }

  deinit { noted.deallocate() }
}
