package import Foundation
internal import GRDB

/// A registrant's token, as the MTS gave it.
package struct HeldToken: Sendable, Equatable {
  package enum State: String, Sendable, CaseIterable {
    /// The registry does not have it yet.
    case held
    /// The snapshot in force brings it itself.
    case inRegistry = "in_registry"
    /// The registrant is in conflict: it counts for nothing until that is settled.
    case frozen
  }

  package var registrant: Int64
  /// Of the VID that it answers.
  package var vid: VIDMark
  /// The name of the id type that it is for.
  package var idType: String
  package var token: String
  /// The archive that asked for it.
  package var stream: String
  package var sequence: Int64
  /// Seconds since 1970.
  package var at: Int64
  /// Whether it came in a sealed, signed archive.
  package var isVerified: Bool
  package var state = State.held

  package init(
    registrant: Int64, vid: VIDMark, idType: String, token: String, stream: String,
    sequence: Int64, at: Int64, isVerified: Bool
  ) {
    (self.registrant, self.vid, self.idType, self.token) = (registrant, vid, idType, token)
    (self.stream, self.sequence, self.at) = (stream, sequence, at)
    self.isVerified = isVerified
  }
}

/// A registrant whose tokens contradict each other, or another's.
package struct FrozenRegistrant: Sendable, Equatable {
  package enum Reason: String, Sendable, CaseIterable {
    /// One VID came with two tokens.
    case twoTokens = "two_tokens"
    /// The token is another registrant's as well.
    case sharedToken = "shared_token"
    /// A later result brought another token.
    case changedToken = "changed_token"
  }

  package let registrant: Int64
  package let reason: Reason
  /// Seconds since 1970.
  package let at: Int64

  package init(registrant: Int64, reason: Reason, at: Int64) {
    (self.registrant, self.reason, self.at) = (registrant, reason, at)
  }
}

extension TokenStore {
  /// Hands over every token, by registrant.
  package func forEachToken(_ body: (HeldToken) throws -> Void) throws {
    try look { database in
      let rows = try Row.fetchCursor(database, sql: "SELECT * FROM tokens ORDER BY registrant, vid")
      while let row = try rows.next() { if let token = HeldToken(row) { try body(token) } }
    }
  }

  /// A registrant's tokens, of one VID each.
  package func tokens(of registrant: Int64) throws -> [HeldToken] {
    try look {
      try Row.fetchAll(
        $0, sql: "SELECT * FROM tokens WHERE registrant = ? ORDER BY vid", arguments: [registrant]
      ).compactMap(HeldToken.init)
    }
  }

  /// How many tokens there are in each state.
  package func tokenCounts() throws -> [HeldToken.State: Int] {
    try look { database in
      var counts: [HeldToken.State: Int] = [:]
      for row in try Row.fetchAll(
        database, sql: "SELECT state, count(*) AS n FROM tokens GROUP BY state")
      {
        HeldToken.State(rawValue: row["state"]).map { counts[$0] = row["n"] }
      }
      return counts
    }
  }

  /// The registrants in conflict, by id.
  package func frozen() throws -> [FrozenRegistrant] {
    try look { database in
      try Row.fetchAll(database, sql: "SELECT * FROM frozen ORDER BY registrant").compactMap {
        row in
        FrozenRegistrant.Reason(rawValue: row["reason"]).map {
          FrozenRegistrant(registrant: row["registrant"], reason: $0, at: row["at"])
        }
      }
    }
  }

  /// Keeps tokens as they are given, in place of those of the same registrant and VID. For tests
  /// and for who has judged them: a result goes through `take`.
  package func keep(_ tokens: [HeldToken], source: [UInt8] = []) throws {
    try change { database in
      let statement = try database.makeStatement(
        sql: """
          INSERT OR REPLACE INTO tokens (registrant, vid, id_type, token, stream, sequence, at,
            verified, state, source) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          """)
      for token in tokens {
        try statement.execute(arguments: [
          token.registrant, token.vid.data, token.idType, token.token, token.stream,
          token.sequence, token.at, token.isVerified, token.state.rawValue, Data(source),
        ])
      }
      try Self.raiseRevision(in: database)
    }
  }
}

extension HeldToken {
  fileprivate init?(_ row: Row) {
    guard let vid = VIDMark(row["vid"]), let state = State(rawValue: row["state"]) else {
      return nil
    }
    self.init(
      registrant: row["registrant"], vid: vid, idType: row["id_type"], token: row["token"],
      stream: row["stream"], sequence: row["sequence"], at: row["at"],
      isVerified: row["verified"])
    self.state = state
  }
}

extension VIDMark {
  /// The 16 bytes, as tables hold them.
  package var data: Data {
    withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) { Data($0) }
  }

  /// Nil unless there are 16 bytes.
  package init?(_ data: Data) {
    guard data.count == 16 else { return nil }
    self = data.withUnsafeBytes { bytes in
      VIDMark(
        high: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
        low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
    }
  }
}
