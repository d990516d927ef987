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
