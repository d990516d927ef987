internal import GRDB

/// The tokens of `tokens.sqlite` that are not frozen, read once, registrant by registrant in ascending order.
struct HeldTokenRows {
  /// Of a registrant: the tokens that are the one asked for.
  struct Answers {
    var isEmpty = true
    var hasVerified = false
    /// The VIDs of those that count by their source and age.
    var counting: [VIDMark] = []
  }

  private let rows: BareStatement
  private var hasRow: Bool

  init(_ database: Database) throws {
    rows = try BareStatement(
      database,
      """
      SELECT registrant, vid, token, verified, at FROM tokens WHERE state <> 'frozen'
      ORDER BY registrant, vid
      """)
    hasRow = try rows.next()
  }

  /// - Parameter registrant: above all that were asked for before.
  mutating func answers(
    of registrant: Int64, with token: UnsafeBufferPointer<UInt8>, by terms: PruneTerms
  ) throws -> Answers {
    var answers = Answers()
    while hasRow, rows.integer(0) <= registrant {
      if rows.integer(0) == registrant, rows.text(2).isSame(as: token) {
        let isVerified = rows.integer(3) != 0
        answers.isEmpty = false
        answers.hasVerified = answers.hasVerified || isVerified
        if isVerified || terms.source != .verifiedResult, rows.integer(4) <= terms.knownSince {
          answers.counting.append(rows.mark(1))
        }
      }
      hasRow = try rows.next()
    }
    return answers
  }
}
