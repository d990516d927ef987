package import Secrets

/// How far a ledger goes: its number of entries, and the hash of the last.
package struct LedgerHead: Sendable, Hashable {
  package let entries: Int64
  package let hash: Digest

  package init(entries: Int64, hash: Digest) {
    self.entries = entries
    self.hash = hash
  }
}

/// Holds entries against each other, one after the other.
package struct LedgerChain: Sendable {
  /// The last entry that was taken; nil before the first.
  package private(set) var head: LedgerHead?

  /// - Parameter head: where to go on from.
  package init(after head: LedgerHead? = nil) { self.head = head }

  /// Takes the next entry. It is taken also when it is refused, so that one break is told once.
  /// - Throws: `ledger_order`, `ledger_chain`.
  package mutating func take(_ entry: LedgerEntry) throws(LedgerFault) {
    let (before, wanted) = (head, (head?.entries ?? 0) + 1)
    head = entry.head
    guard entry.number == wanted else {
      throw LedgerFault(
        .order, "entry \(entry.number) stands where entry \(wanted) belongs")
    }
    guard entry.previous == before?.hash else {
      throw LedgerFault(.chain, "entry \(wanted) does not continue entry \(wanted - 1)")
    }
  }
}
