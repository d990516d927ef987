internal import GRDB

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
}
