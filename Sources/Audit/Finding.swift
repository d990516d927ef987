/// The audit: whether what lies in an outbox is what left, all of it and nothing else. It needs
/// nobody's secret: signatures, a chained ledger and counts are enough.
///
/// Must never: write, take a lock, ask for a secret, or believe a word that no signature covers.

/// What is wrong, by what must be done about it. In the order of gravity, the worst first.
package enum FindingClass: String, Sendable, Hashable, CaseIterable, Comparable {
  /// An archive, a receipt or a certificate whose bytes are not those that were signed.
  case altered
  /// Signed by nobody, or by somebody without a card.
  case unsigned
  /// The ledger is broken, rolled back, forked, unsigned, or says other than an archive.
  case ledger
  /// Two archives claim one number of a stream, two certificates one run, or an archive continues what was never there.
  case forked
  /// In the outbox, and not in the ledger.
  case extra
  /// In the ledger, and neither in the outbox nor retired.
  case missing
  /// Under another's name, or numbered against the order of the ledger.
  case reordered
  /// Signed by a key that must not have signed it.
  case key
  /// An index that is missing, not authentic, or says other than the ledger.
  case index
  /// What could not be read, so that nothing is known of it.
  case unreadable
  /// Odd, and no reason to doubt.
  case remark
  /// Not acknowledged by its recipient for long.
  case overdue

  package static func < (a: FindingClass, b: FindingClass) -> Bool { a.gravity < b.gravity }
  private var gravity: Int {
    FindingClass.allCases.count - (FindingClass.allCases.firstIndex(of: self) ?? 0)
  }

  /// Whether the outbox cannot be called sound.
  package var isGrave: Bool { self > .remark }

  package var exitStatus: Int32 {
    switch self {
    case .altered, .unsigned: 3
    case .ledger: 16
    case .forked: 14
    case .extra: 12
    case .missing: 11
    case .reordered: 13
    case .key: 17
    case .index: 15
    case .unreadable: 4
    case .remark, .overdue: 1
    }
  }

  /// What to do next.
  package var advice: String {
    switch self {
    case .altered:
      "take it out of use; ask the registry to export it again by its number, and who could write here"
    case .unsigned:
      "do not use it; if its sender is known to you, compare the card's fingerprint by telephone and add it"
    case .ledger:
      "keep this outbox and your last checkpoint; ask the registry for its ledger, and who restored a backup and when"
    case .forked:
      "keep both archives; ask the registry which one was sent, and whether a machine or backup was restored"
    case .extra: "find out who put it there; it left without a record"
    case .missing:
      "ask the recipient whether it arrived and the registry to export it again by its number; if neither has it, it was taken; for a certificate ask the registry"
    case .reordered: "give the files back the names that their headers say, and audit again"
    case .key:
      "do not use what it signed after that day; ask the registry to sign again with its new key"
    case .index: "run `airlock run` at the registry, which writes the index anew, and audit again"
    case .unreadable:
      "ask for read access to outbox/ and audit again: nothing is known of this part"
    case .remark: "nothing, if the registry was at work just now; else audit again tomorrow"
    case .overdue: "ask the recipient whether it arrived, and for the receipt"
    }
  }
}

/// One archive's place.
package struct ArchiveKey: Sendable, Hashable, Comparable {
  package let stream: String
  package let sequence: Int64

  package static func < (a: ArchiveKey, b: ArchiveKey) -> Bool {
    (a.stream, a.sequence) < (b.stream, b.sequence)
  }
}

/// One thing that is wrong. Its texts may hold what a forger wrote: escape them.
package struct Finding: Sendable, Hashable {
  package let kind: FindingClass
  /// Stable, for programs: `sequence_gap`.
  package let code: String
  /// The file or entry: `mts/monthly-00000001.sealed`.
  package let subject: String
  package let message: String
  /// The archives that it touches, where they are known one by one.
  package let archives: [ArchiveKey]
  /// Further archives and records that it touches, that have no key.
  package let more: Touched

  package struct Touched: Sendable, Hashable {
    package var archives: Int = 0
    package var records: Int64 = 0
  }

  init(
    _ kind: FindingClass, _ code: String, _ subject: String, _ message: String,
    _ archives: [ArchiveKey] = [], more: Touched = Touched()
  ) {
    (self.kind, self.code, self.subject, self.message) = (kind, code, subject, message)
    (self.archives, self.more) = (archives, more)
  }
}
