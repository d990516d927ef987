internal import Keys

/// How an archive stands out of its stream's order. Each has a name, a meaning and an advice; the
/// operator's guide has them in a table.
package enum OrderFinding: Sendable, Hashable {
  /// It was received before, or is older than anything remembered.
  case replayed
  /// The numbers between the last one received and this.
  case sequenceGap(ClosedRange<Int64>)
  /// Another archive bears its number, or it continues another one than was received.
  case forked
  /// It was skipped before, and fits into its place.
  case reordered
  /// What the sender's index beside it says contradicts what was received.
  case rolledBack(Contradiction)

  package enum Contradiction: Sendable, Hashable {
    /// The index ends at this number (0 for an empty one), though more was received.
    case head(Int64)
    /// The index has another archive of this number.
    case entry(Int64)
  }

  package var code: String {
    switch self {
    case .replayed: "replayed"
    case .sequenceGap: "sequence_gap"
    case .forked: "forked"
    case .reordered: "reordered"
    case .rolledBack: "rolled_back"
    }
  }

  /// The finding as a fault of this archive.
  package func fault(of archive: VerifiedArchive) -> ArchiveFault {
    let draft = archive.header.draft
    let subject =
      draft.kind.isDrop
      ? "this sealed \(draft.kind.rawValue) from \(archive.sender.name)"
      : "archive \(draft.sequence) of stream \(draft.stream) from \(archive.sender.name)"
    return ArchiveFault(.replay, code, "\(code): \(subject) \(meaning)", hint: hint)
  }

  private var meaning: String {
    switch self {
    case .replayed: "was received before"
    case .sequenceGap(let missing): "comes too early: \(OrderFinding.shown(missing)) not received"
    case .forked: "is not the one that belongs there: another one bears its number or its place"
    case .reordered: "comes late, and is the one that was missing"
    case .rolledBack(.head(let head)):
      "lies beside an INDEX.json that ends at \(head), though more was received"
    case .rolledBack(.entry(let number)):
      "lies beside an INDEX.json with another archive \(number) than was received"
    }
  }

  private var hint: String {
    switch self {
    case .replayed:
      "there is nothing to do; to open it once more: --order warn; for its receipt: airlock receipt"
    case .sequenceGap:
      "collect and open the missing ones first; if they are lost, tell the sender, then: --order warn"
    case .forked:
      "use neither; telephone the sender; only if the sender confirms this one: --order restart"
    case .reordered: "to open it now: --order warn"
    case .rolledBack:
      "collect INDEX.json and its .minisig again; if it stays so, telephone the sender"
    }
  }

  private static func shown(_ numbers: ClosedRange<Int64>) -> String {
    numbers.count == 1
      ? "\(numbers.lowerBound) was" : "\(numbers.lowerBound) to \(numbers.upperBound) were"
  }
}
