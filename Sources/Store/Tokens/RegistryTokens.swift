internal import GRDB

/// The tokens that the registry itself has, in the snapshot in force.
package final class RegistryTokens {
  private let rows: BareStatement
  private let ownRows: BareStatement
  private let snapshot: SnapshotStore

  /// Nil where the registry has none.
  package init?(in snapshot: SnapshotStore, type: String) throws {
    self.snapshot = snapshot
    let statements = try snapshot.read { database -> (BareStatement, BareStatement)? in
      let types = try VIDTypes.ids(named: type, in: database, catalog: snapshot.catalog)
      guard !types.isEmpty else { return nil }
      let list = types.map(String.init).joined(separator: ", ")
      // What we put in ourselves is told by `tokens.sqlite`.
      let theirs = "\"id_type\" IN (\(list)) AND \"id\" > \(SnapshotOverlay.highest)"
      return (
        try BareStatement(
          database,
          "SELECT \"partner_id\" FROM \"g2p.reg.id\" WHERE \"value\" = ?1 AND +\(theirs)"),
        try BareStatement(
          database,
          "SELECT \"value\" FROM \"g2p.reg.id\" WHERE \"partner_id\" = ?1 AND \(theirs)")
      )
    }
    guard let statements else { return nil }
    (rows, ownRows) = statements
  }

  func holders(
    of token: UnsafeBufferPointer<UInt8>, besides registrant: Int64
  ) throws -> Set<Int64> {
    try snapshot.read { _ in
      var holders: Set<Int64> = []
      rows.bind(token, at: 1)
      while try rows.next() { holders.insert(rows.integer(0)) }
      holders.remove(registrant)
      return holders
    }
  }

  /// Whether the registry has another token for the registrant; a blank one is none.
  func hasOther(_ registrant: Int64, than token: UnsafeBufferPointer<UInt8>) throws -> Bool {
    try snapshot.read { _ in
      var isOther = false
      ownRows.bind(registrant, at: 1)
      while try ownRows.next() {
        let value = ownRows.text(0)
        let isBlank = value.allSatisfy { $0 == 0x20 || (0x09...0x0D).contains($0) }
        if !isBlank, !value.elementsEqual(token) { isOther = true }
      }
      return isOther
    }
  }
}
