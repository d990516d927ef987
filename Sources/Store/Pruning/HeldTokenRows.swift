internal import GRDB

/// The tokens of `tokens.sqlite`, registrant by registrant in ascending order.
struct HeldTokenRows {
  struct Held {
    let vid: VIDMark
    let isVerified: Bool
    let at: Int64
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

  /// Of a registrant, those that give a token.
  /// - Parameter registrant: above all that were asked for before.
  mutating func answers(
    of registrant: Int64, with token: UnsafeBufferPointer<UInt8>
  ) throws -> [Held] {
    var held: [Held] = []
    while hasRow, rows.integer(0) <= registrant {
      if rows.integer(0) == registrant, rows.text(2).isSame(as: token) {
        held.append(
          Held(vid: rows.mark(1), isVerified: rows.integer(3) != 0, at: rows.integer(4)))
      }
      hasRow = try rows.next()
    }
    return held
  }
}
