/// What members a JSON text has, as far as its beginning tells: the names on the way from the
/// outermost object, `result/records`. Elements of lists have no name of their own.
struct JSONOutline {
  enum Kind: Equatable {
    case object, scalar
    /// What the first element is; nil if there is none, or none at hand.
    case list(first: Element?)
  }

  enum Element { case object, list, scalar }

  private static let levels = 4
  private static let most = 4_096
  private static let told: Set<String> = [
    "error/data/name", "error/code", "result/error/data/name", "@odata.context",
  ]

  /// What the text is itself; nil if it is no object and no list.
  private(set) var root: Kind?
  private(set) var kinds: [String: Kind] = [:]
  /// What stands in a few members that name classes, never values of records.
  private(set) var texts: [String: String] = [:]
  /// The index after the first document; nil if that goes on.
  private(set) var end: Int?

  private var path: [String?] = []
  private var key: String?
  /// The list that was opened last, until its first element is seen.
  private var fresh: String??

  init(_ text: UnsafeBufferPointer<UInt8>) {
    var steps = JSONSteps()
    while let step = steps.step(text) {
      take(step, text)
      if steps.depth == 0 {
        end = steps.next
        return
      }
    }
  }

  /// The names of the members of the outermost object, or of those in the outermost list.
  var names: Set<String> { names(in: "") }

  /// The names of the members of an object, or of the objects in a list.
  func names(in path: String) -> Set<String> {
    let head = path.isEmpty ? "" : path + "/"
    return Set(
      kinds.keys.compactMap { name in
        guard name.hasPrefix(head), name.count > head.count else { return nil }
        let rest = name.dropFirst(head.count)
        return rest.contains("/") ? nil : String(rest)
      })
  }

  /// Whether the member is a list of objects, or an empty one.
  func isRecords(_ path: String) -> Bool {
    switch kinds[path] {
    case .list(first: nil), .list(first: .object): true
    default: false
    }
  }

  private mutating func take(_ step: JSONSteps.Step, _ text: UnsafeBufferPointer<UInt8>) {
    switch step {
    case .key(let name):
      key = name.contains("/") ? "?" : name
      return
    case .open(let isObject):
      element(isObject ? .object : .list)
      if path.isEmpty {
        root = isObject ? .object : .list(first: nil)
      } else {
        note(isObject ? .object : .list(first: nil))
      }
      path.append(key)
      fresh = .none
      if !isObject, path.count == 1 { fresh = .some(nil) }
      if !isObject, key != nil { fresh = place(path) }
      key = nil
    case .close:
      path.removeLast()
      key = nil
      fresh = .none
    case .value(let range):
      element(.scalar)
      note(.scalar)
      if let key, Self.told.contains(place(path + [key])), range.count < 300 {
        texts[place(path + [key])] = String(decoding: text[range], as: UTF8.self)
          .trimmingCharacters(["\""])
      }
      key = nil
    }
  }

  /// Notes what the first element of a list is.
  private mutating func element(_ kind: Element) {
    guard let list = fresh else { return }
    fresh = .none
    if let list {
      if kinds[list] == .list(first: nil) { kinds[list] = .list(first: kind) }
    } else {
      root = .list(first: kind)
    }
  }

  private mutating func note(_ kind: Kind) {
    guard let key, path.count <= Self.levels + 2, kinds.count < Self.most else { return }
    let place = place(path + [key])
    if kinds[place] == nil || kinds[place] == .scalar { kinds[place] = kind }
  }

  private func place(_ path: [String?]) -> String {
    path.compactMap(\.self).joined(separator: "/")
  }
}

extension String {
  fileprivate func trimmingCharacters(_ set: Set<Character>) -> String {
    var text = self[...]
    while let first = text.first, set.contains(first) { text.removeFirst() }
    while let last = text.last, set.contains(last) { text.removeLast() }
    return String(text)
  }
}
