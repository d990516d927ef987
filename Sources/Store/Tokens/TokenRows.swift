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
    guard var place = starts[registrant] else { return }
    while place < rows.count, rows[place].registrant == registrant {
      if texts[rows[place].token].elementsEqual(value) {
        if isToken { rows[place].isInRegistry = true }
        if isOf(rows[place].type) { rows[place].isThere = true }
      }
      place += 1
    }
  }

  /// Whether a row before this one says the same: of two VIDs that gave the same token, one is enough.
  func isRepeated(at place: Int) -> Bool {
    var earlier = place - 1
    while earlier >= 0, rows[earlier].registrant == rows[place].registrant {
      if rows[earlier].type == rows[place].type, rows[earlier].state != .frozen,
        texts[rows[earlier].token].elementsEqual(texts[rows[place].token])
      {
        return true
      }
      earlier -= 1
    }
    return false
  }
}
