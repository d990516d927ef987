internal import GRDB
internal import Glibc

/// The tokens that the registry itself has, in the snapshot in force. Good within `reading` only.
package final class RegistryTokens {
  private let ofToken: BareStatement
  private let ofRegistrant: BareStatement

  /// Runs the body in one reading of the snapshot, with what the registry has of the id type.
  /// - Throws: `LoadFault`, and what the body throws.
  package static func reading<Result>(
    _ snapshot: SnapshotStore, type: String, _ body: (RegistryTokens?) throws -> Result
  ) throws -> Result {
    try snapshot.read { database in
      let types = try VIDTypes.ids(named: type, in: database, catalog: snapshot.catalog)
        .filter { $0 > SnapshotOverlay.highest }
      return try body(types.isEmpty ? nil : RegistryTokens(types, in: database))
    }
  }

  private init(_ types: [Int64], in database: Database) throws {
    let list = types.map(String.init).joined(separator: ", ")
    // What we put in ourselves is told by `tokens.sqlite`.
    let isTheirs = "\"id_type\" IN (\(list)) AND \"id\" > \(SnapshotOverlay.highest)"
    ofToken = try BareStatement(
      database,
      "SELECT \"partner_id\" FROM \"g2p.reg.id\" WHERE \"value\" = ?1 AND +\(isTheirs)")
    ofRegistrant = try BareStatement(
      database,
      "SELECT \"value\" FROM \"g2p.reg.id\" WHERE \"partner_id\" = ?1 AND \(isTheirs)")
  }

  func holders(
    of token: UnsafeBufferPointer<UInt8>, besides registrant: Int64
  ) throws -> Set<Int64> {
    var holders: Set<Int64> = []
    ofToken.bind(token, at: 1)
    while try ofToken.next() { holders.insert(ofToken.integer(0)) }
    holders.remove(registrant)
    return holders
  }

  /// Whether the registry has another token for the registrant; a blank one is none.
  func hasOther(_ registrant: Int64, than token: UnsafeBufferPointer<UInt8>) throws -> Bool {
    var isOther = false
    ofRegistrant.bind(registrant, at: 1)
    while try ofRegistrant.next() {
      let value = ofRegistrant.text(0)
      if !value.isBlank, !value.isSame(as: token) { isOther = true }
    }
    return isOther
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// Byte by byte.
  func isSame(as other: UnsafeBufferPointer<UInt8>) -> Bool {
    guard count == other.count, let base = baseAddress, let start = other.baseAddress else {
      return count == other.count
    }
    return memcmp(base, start, count) == 0
  }
}
