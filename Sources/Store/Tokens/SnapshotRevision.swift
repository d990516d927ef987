package import Files
internal import Foundation
internal import GRDB
internal import JSONText
internal import Language
internal import Secrets

/// Brings a snapshot up to what `tokens.sqlite` knows: tokens that the registry does not have come
/// in as reg ids, and VIDs that were erased go.
///
/// A snapshot's file is never written in place, since whoever reads it relies on that: the work is
/// done in a copy, or in a snapshot that is not in force yet, and the copy takes the old one's name.
/// What was erased is in no byte of the new file: what deleted rows leave behind in its pages is
/// overwritten.
package struct SnapshotRevision {
  /// What a revision did.
  package struct Report: Sendable, Equatable {
    /// Tokens that were put in.
    package var tokens = 0
    /// VID rows that were taken out.
    package var erased = 0
    /// Erased VIDs that were taken out of other columns, of the registry or of a form.
    package var cleared = 0
  }

  private let store: Folder
  private let tokens: TokenStore
  private let types: TokenTypes

  /// - Parameters:
  ///   - store: the site's `store/`.
  ///   - types: as the site policy names them.
  package init(in store: Folder, _ tokens: TokenStore, types: TokenTypes) {
    (self.store, self.tokens, self.types) = (store, tokens, types)
  }

  /// Revises the snapshots in force, unless they are up to date. Killed anywhere, it leaves either the
  /// old snapshot or the new one, and doing it again does what is left.
  /// - Parameter ahead: what may be the very revision that is needed.
  /// - Returns: nil if there was nothing to do, or no snapshot.
  /// - Throws: `LoadFault`, `StoreFault`, `FileFault`; the old snapshot then stays in force.
  @discardableResult
  package func bringUpToDate(with ahead: RevisionAhead? = nil) throws -> Report? {
    let form = try bringUpToDate(.odk, nil)
    guard var report = try bringUpToDate(.registry, ahead) else { return form }
    report.cleared += form?.cleared ?? 0
    return report
  }

  private func bringUpToDate(_ kind: SnapshotKind, _ ahead: RevisionAhead?) throws -> Report? {
    guard try store.exists(kind.fileName) else { return nil }
    let (mark, summary) = (try mark(of: kind), try SnapshotStore.open(store, kind).summary)
    guard summary.overlay != mark?.text else { return nil }
    let ready = ahead?.revised(of: summary, as: mark?.text)
    let revised =
      try ready
      ?? revised(summary, kind, mark) { try erasedPlaces(in: $0, kind) }
    try tokens.settle(revised.outcome.changes)
    try revised.staged.commit()
    return revised.outcome.report
  }

  /// Revises a copy of the snapshot in force as it will have to be once tokens are kept.
  /// - Parameter revision: of the tokens before that.
  /// - Returns: nil if there is no snapshot, or it was not up to date before, or the tokens are kept by
  ///   now.
  func revised(with new: NewTokens, after revision: Int64) throws -> Revised? {
    let kind = SnapshotKind.registry
    guard try store.exists(kind.fileName) else { return nil }
    let (snapshot, before) = (try SnapshotStore.open(store, kind).summary, try mark(of: kind))
    guard before?.tokens ?? 0 == revision, snapshot.overlay == before?.text else { return nil }
    let mark = OverlayMark(tokens: revision + 1, erased: before?.erased ?? 0, types: types)
    return try revised(snapshot, kind, mark, with: new) { _ in ErasedPlaces() }
  }

  /// Revises a copy of the snapshot in force as it will have to be once what a plan deletes is noted.
  /// - Returns: nil if that snapshot is not the one in force, or was not up to date before.
  func revised(_ snapshot: LoadedSnapshot, without plan: PrunePlan) throws -> Revised? {
    let kind = SnapshotKind.registry
    let before = try mark(of: kind)
    guard snapshot.overlay == before?.text,
      try SnapshotStore.open(store, kind).summary == snapshot
    else { return nil }
    let erased = ErasedVIDs(plan)
    let mark = OverlayMark(
      tokens: before?.tokens ?? 0, erased: (before?.erased ?? 0) + erased.count, types: types)
    return try revised(snapshot, kind, mark) {
      let regIDs = ErasedRegIDs(ids: plan.items.map(\.regID), repeated: plan.repeated)
      return try search(for: erased, in: $0).run(knowing: regIDs)
    }
  }

  /// A copy that was revised, and is not in force yet.
  struct Revised: @unchecked Sendable {  // one thread makes it, and another has it after that
    /// The snapshot that it was made of.
    let base: LoadedSnapshot
    let staged: StagedSnapshot
    fileprivate let outcome: Outcome
  }

  /// - Parameters:
  ///   - new: tokens besides those of `tokens.sqlite`.
  ///   - places: finds where erased VIDs stand.
  private func revised(
    _ summary: LoadedSnapshot, _ kind: SnapshotKind, _ mark: OverlayMark?,
    with new: NewTokens? = nil,
    places: @escaping @Sendable (Database) throws -> ErasedPlaces
  ) throws -> Revised {
    // Another connection searches the old file while it is copied.
    let places = Ahead {
      OverlayMark.work(from: summary.overlay, to: mark).erases
        ? try SnapshotStore.open(store, kind).read(places) : ErasedPlaces()
    }
    defer { places.finish() }
    let staged = StagedSnapshot(
      summary, file: try StagedDatabase(copying: kind.fileName, in: store), kind: kind)
    let outcome = try revise(staged, mark, with: new) { try places.value() }
    return Revised(base: summary, staged: staged, outcome: outcome)
  }

  private func erasedPlaces(
    in database: Database, _ kind: SnapshotKind
  ) throws -> ErasedPlaces {
    try search(for: ErasedVIDs(tokens), in: database).run(kind)
  }

  private func search(for erased: ErasedVIDs, in database: Database) throws -> ErasedSearch {
    ErasedSearch(database, erased, try VIDHasher(in: store), vidType: types.vid)
  }

  /// Revises a snapshot that was just loaded, and puts it in force. What it says of patches is noted
  /// first: it is true whether or not the snapshot comes in force, and killed in between, the same
  /// drop says it again.
  /// - Returns: nil if nothing was to be done to it.
  @discardableResult
  package func commit(_ staged: StagedSnapshot) throws -> Report? {
    guard let mark = try mark(of: staged.kind) else {
      try staged.commit()
      return nil
    }
    let isWhole = staged.kind == .registry && staged.summary.follows == nil
    let asked = try isWhole ? tokens.registrantsToUnlink() : []
    let told =
      try asked.isEmpty
      ? .none
      : staged.read {
        try ToldRegIDs(of: asked, token: types.uinToken, in: $0)
      }
    let outcome = try revise(staged, mark) {
      try staged.read { try erasedPlaces(in: $0, staged.kind) }
    }
    guard staged.kind == .registry else {
      try staged.commit()
      return outcome.report
    }
    try tokens.settle(
      outcome.changes,
      RegistryWord(
        met: outcome.met, taken: isWhole ? staged.summary.taken?.seconds : nil, told: told))
    try staged.commit()
    return outcome.report
  }

  fileprivate struct Outcome {
    var report = Report()
    var changes: [SnapshotOverlay.Change] = []
    /// Erased VIDs that the registry still has.
    var met: Set<VIDMark> = []
  }

  /// What a snapshot that is up to date says; nil as long as there is nothing to add or take out.
  private func mark(of kind: SnapshotKind) throws -> OverlayMark? {
    let erased = try tokens.erasedCount()
    // Tokens are nothing to a form.
    let revision = kind == .odk ? 0 : try tokens.revision
    return revision == 0 && erased == 0
      ? nil : OverlayMark(tokens: revision, erased: erased, types: kind == .odk ? .none : types)
  }

  private func revise(
    _ staged: StagedSnapshot, _ mark: OverlayMark?, with new: NewTokens? = nil,
    places: () throws -> ErasedPlaces
  ) throws -> Outcome {
    let work = OverlayMark.work(from: staged.summary.overlay, to: mark)
    let found = work.erases ? try places() : ErasedPlaces()
    let left = try staged.deleteRegIDs(found.regIDs)
    var outcome = Outcome()
    try staged.change { db in
      outcome = Outcome(met: found.met)
      (outcome.report.erased, outcome.report.cleared) = (found.regIDs.count, found.values.count)
      try found.clear(left, in: db)
      var removed = 0
      if work.brings, staged.kind == .registry {
        let overlay = SnapshotOverlay(db, types)
        outcome.changes = try overlay.bring(TokenRows(tokens, and: new))
        (outcome.report.tokens, removed) = (overlay.added, overlay.removed)
      }
      try SnapshotRegister.note(overlay: mark?.text, in: db)
      return outcome.report.erased + outcome.report.cleared + removed > 0
    }
    staged.summary.overlay = mark?.text
    return outcome
  }
}
