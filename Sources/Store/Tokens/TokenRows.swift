internal import GRDB

/// The tokens of `tokens.sqlite` in memory, by registrant, each with what a snapshot says of it.
struct TokenRows {
  struct Row {
    let registrant: Int64
    let vid: VIDMark
    let token: Range<Int>
    /// Place of the name of its id type.
    let type: Int
    var state: TokenState?
    /// Whether the registrant has it from the registry, as a token, or under this very type.
    var isInRegistry = false
    var isThere = false
  }

  private(set) var rows: [Row] = []
  private(set) var types: [String] = []
  private var texts: [UInt8] = []
  /// Where the rows of a registrant begin.
  private var starts: [Int64: Int] = [:]

  /// - Parameter new: what is about to be kept; nothing is said twice if it is by now.
  init(_ tokens: TokenStore, and new: NewTokens? = nil) throws {
    try tokens.look { database in
      let found = try BareStatement(
        database,
        "SELECT registrant, token, id_type, state, vid FROM tokens ORDER BY registrant, vid")
      while try found.next() {
        append(
          found.integer(0), found.mark(4), found.text(1), type(found.string(2)),
          TokenState(rawValue: found.string(3)))
      }
    }
    if let new { add(new) }
    for (place, row) in rows.enumerated() where starts[row.registrant] == nil {
      starts[row.registrant] = place
    }
  }

  private mutating func append(
    _ registrant: Int64, _ vid: VIDMark, _ token: UnsafeBufferPointer<UInt8>, _ type: Int,
    _ state: TokenState?
  ) {
    let start = texts.count
    texts.append(contentsOf: token)
    rows.append(
      Row(registrant: registrant, vid: vid, token: start..<texts.count, type: type, state: state))
  }

  private mutating func type(_ name: String) -> Int {
    if let type = types.firstIndex(of: name) { return type }
    types.append(name)
    return types.count - 1
  }

  private mutating func add(_ new: NewTokens) {
    let (count, type) = (rows.count, type(new.type))
    new.texts.withUnsafeBufferPointer { texts in
      for row in new.rows {
        append(row.registrant, row.vid, .init(rebasing: texts[row.token]), type, .held)
      }
    }
    if count > 0 {
      rows.sort { ($0.registrant, $0.vid) < ($1.registrant, $1.vid) }
      rows = rows.indices.filter {
        $0 == 0 || rows[$0].registrant != rows[$0 - 1].registrant
          || rows[$0].vid != rows[$0 - 1].vid
      }.map { rows[$0] }
    }
    guard !new.frozen.isEmpty else { return }
    for place in rows.indices where new.frozen.contains(rows[place].registrant) {
      rows[place].state = .frozen
    }
  }

  func withToken<Result>(
    of row: Row, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
  ) rethrows -> Result {
    try texts[row.token].withUnsafeBufferPointer(body)
  }

  /// Notes a value that the snapshot has for a registrant.
  /// - Parameters:
  ///   - isToken: whether it is of the id type of tokens.
  ///   - isOf: whether it is of the type at a place of `types`.
  mutating func note(
    _ registrant: Int64, _ value: UnsafeBufferPointer<UInt8>, isToken: Bool, isOf: (Int) -> Bool
  ) {
    for place in places(of: registrant) where self.isToken(of: rows[place], value) {
      if isToken { rows[place].isInRegistry = true }
      if isOf(rows[place].type) { rows[place].isThere = true }
    }
  }

  /// The places of a registrant's rows.
  func places(of registrant: Int64) -> Range<Int> {
    guard let start = starts[registrant] else { return 0..<0 }
    let end = rows[start...].firstIndex { $0.registrant != registrant } ?? rows.count
    return start..<end
  }

  func isToken(of row: Row, _ value: UnsafeBufferPointer<UInt8>) -> Bool {
    texts[row.token].withUnsafeBufferPointer { $0.isSame(as: value) }
  }

  /// Whether filters lack it: the registry does not have it, nobody is in conflict over it, and no row
  /// before this one says the same. Of two VIDs that gave the same token, one is enough.
  func isMissing(at place: Int) -> Bool {
    let row = rows[place]
    guard row.state != .frozen, !row.isInRegistry, !row.isThere else { return false }
    return !places(of: row.registrant).prefix { $0 < place }.contains {
      rows[$0].type == row.type && rows[$0].state != .frozen
        && texts[rows[$0].token].elementsEqual(texts[row.token])
    }
  }
}
