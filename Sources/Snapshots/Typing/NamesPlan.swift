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
  let noted: UnsafeMutablePointer<Int64>

  init(_ model: String, number: Int) {
    self.model = model
    self.number = number
    noted = .allocate(capacity: Self.cacheSize)
    noted.initialize(repeating: 0, count: Self.cacheSize)
  }

  deinit { noted.deallocate() }
}
