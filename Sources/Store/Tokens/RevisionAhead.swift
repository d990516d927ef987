/// A revision of the snapshot in force that is made on another thread while what asks for it (VIDs to be
/// erased, tokens to be kept) is not noted yet. It comes in force only if, once that is noted, it is the
/// very one that is needed.
/// Whoever lets go of it waits for its end, and nothing of it stays.
package final class RevisionAhead: Sendable {
  private let ahead: Ahead<SnapshotRevision.Revised?>

  /// Without the VIDs that a plan deletes.
  /// - Parameters:
  ///   - snapshot: the one in force, that the plan was made over.
  ///   - plan: what is about to be noted.
  package init(
    _ revision: SnapshotRevision, of snapshot: LoadedSnapshot, without plan: PrunePlan
  ) {
    ahead = Ahead { try revision.revised(snapshot, without: plan) }
  }

  /// With the tokens that a result brings.
  /// - Parameters:
  ///   - revision: with a connection to the tokens that is not the one they are kept by.
  ///   - judgement: what is about to be kept.
  ///   - number: the revision of the tokens before that.
  package init(_ revision: SnapshotRevision, with judgement: ResultJudgement, after number: Int64) {
    let tokens = judgement.newTokens()
    ahead = Ahead { try revision.revised(with: tokens, after: number) }
  }

  deinit { ahead.finish() }

  /// Nil if it is of another snapshot, or for other tokens or VIDs, or could not be made: then it is made
  /// as ever, and fails as ever.
  func revised(of base: LoadedSnapshot, as mark: String?) -> SnapshotRevision.Revised? {
    guard let revised = try? ahead.value(), revised.base == base,
      revised.staged.summary.overlay == mark
    else { return nil }
    return revised
  }
}
