package import Faults

/// What is wrong with a ledger.
package struct LedgerFault: Fault, Equatable {
  package enum Kind: String, Sendable, Hashable, CaseIterable {
    /// A line that is no entry.
    case format = "ledger_format"
    case lineTooLong = "ledger_line_too_long"
    /// The content is not what was hashed.
    case hash = "ledger_hash"
    /// An entry is missing, or stands where it does not belong.
    case order = "ledger_order"
    /// An entry does not continue the one before.
    case chain = "ledger_chain"
    /// The ledger ends before what was signed.
    case truncated = "ledger_truncated"
    case missing = "ledger_missing"
    /// A file in the ledger's folder that is none of its own.
    case stranger = "ledger_stranger"
    case checkpointFormat = "checkpoint_format"
    /// A checkpoint that was kept says more than the ledger now does.
    case rolledBack = "ledger_rolled_back"
    /// A checkpoint that was kept says other than the ledger now does.
    case forked = "ledger_forked"
  }

  package let kind: Kind
  package let message: String

  package init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }

  package var code: String { kind.rawValue }
  package var blame: Blame { .authenticity }
  package var hint: String? {
    switch kind {
    case .rolledBack, .forked:
      "the site's history was replaced; keep both ledgers, and ask who restored a backup and when"
    case .checkpointFormat:
      "the outbox's own is never written over unread: restore it, or, if the journal was not restored, move it and its .minisig away"
    default: nil
    }
  }
}
