internal import Foundation
internal import GRDB
internal import Secrets
internal import Snapshots

/// What is done once a delta is merged: indexes for what is new, and the register written anew.
struct DeltaEnding {
  private let db: Database
  private let contents: SnapshotContents

  init(_ db: Database, _ contents: SnapshotContents) {
    self.db = db
    self.contents = contents
  }

  func run(
    _ end: BatchPipeline.End, onto base: LoadedSnapshot, dropName: String, now: Date
  ) throws -> LoadedSnapshot {
    try SnapshotIndexes(contents).make(in: db)
    let newest = try SnapshotTime.newestWrite(contents.catalog, in: db)
    let summary = LoadedSnapshot(
      digest: Digest(of: base.digest.bytes + end.digest.bytes), dropDigest: end.digest,
      dropName: dropName, form: contents.form, loadedAt: now.wholeSecond, name: end.head?.name,
      taken: end.head?.taken ?? [base.taken, newest].compactMap { $0 }.max(), follows: base.digest,
      languages: end.head.map(\.languages).flatMap { $0.isEmpty ? nil : $0 } ?? base.languages,
      counts: try contents.counts(in: db), notes: contents.notes)
    try SnapshotRegister.erase(in: db)
    try SnapshotRegister.write(contents, summary, in: db)
    return summary
  }
}
