internal import GRDB

/// The tokens of `tokens.sqlite` in memory, by registrant, each with what a snapshot says of it.
struct TokenRows {
  struct Row {
    let registrant: Int64
    let vid: VIDMark
    let token: Range<Int>
    /// Place of the name of its id type.
    let type: Int
    let state: HeldToken.State?
    /// Whether the registrant has it from the registry, as a token, or under this very type.
    var isInRegistry = false
    var isThere = false
  }

  private(set) var rows: [Row] = []
  private(set) var types: [String] = []
  private var texts: [UInt8] = []
  /// Where the rows of a registrant begin.
  private var starts: [Int64: Int] = [:]

  init(_ tokens: TokenStore) throws {
    try tokens.look { database in
      let found = try BareStatement(
        database,
        "SELECT registrant, token, id_type, state, vid FROM tokens ORDER BY registrant, vid")
      while try found.next() { append(found) }
    }
  }

  private mutating func append(_ found: BareStatement) {
    let (registrant, name, start) = (found.integer(0), found.string(2), texts.count)
    texts.append(contentsOf: found.text(1))
    let type = types.firstIndex(of: name) ?? types.count
    if type == types.count { types.append(name) }
    if starts[registrant] == nil { starts[registrant] = rows.count }
    rows.append(
      Row(
        registrant: registrant, vid: found.mark(4), token: start..<texts.count, type: type,
        state: HeldToken.State(rawValue: found.string(3))))
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
