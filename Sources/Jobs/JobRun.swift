package import Archives
import Faults
package import Files
import JSONText
package import Keys
import Language
import Policies
package import Secrets
package import Store
import Tarballs

/// One run of a job: reads the registrants, packs and seals them. What comes out is staged: it is
/// on the disk, synced, and not yet visible.
package struct JobRun {
  /// What the archive is made from.
  package struct Sources: Sendable {
    package let snapshot: Digest
    package let manifest: Digest
    package let policy: Digest

    package init(snapshot: Digest, manifest: Digest, policy: Digest) {
      self.snapshot = snapshot
      self.manifest = manifest
      self.policy = policy
    }

    /// As the header and the ledger show it.
    func shown(_ salts: SiteSalts, _ drop: Drop) -> ArchiveDraft.Sources {
      ArchiveDraft.Sources(
        snapshot: salts.snapshot(snapshot),
        manifest: salts.shown(manifest, .manifest, drop: drop.id), policy: salts.policy(policy))
    }
  }

  /// What a run came to; no archive if nobody is sent.
  package struct Outcome {
    package let counts: JobCounts
    package let archive: StagedArchive?
    /// Whose VIDs go out with it.
    package let sent: SentVIDs
  }

  private let plan: JobPlan
  private let digests: ArchiveDraft.Sources
  private let clock: WallClock
  private let resend: ResendGuard
  private let leftToday: Int?
  private let nextKey: NextKey?

  /// - Parameters:
  ///   - digests: what it is made from, for the header.
  ///   - leftToday: how many records the stream may still send today; nil is no bound.
  ///   - nextKey: what the signer announces in the header.
  package init(
    _ plan: JobPlan, digests: ArchiveDraft.Sources, clock: WallClock, resend: ResendGuard,
    leftToday: Int? = nil,
    nextKey: NextKey? = nil
  ) {
    self.nextKey = nextKey
    self.resend = resend
    self.leftToday = leftToday
    self.plan = plan
    self.digests = digests
    self.clock = clock
  }

  /// Packs the job into a spool, and seals that as the given place of the stream.
  /// - Parameters:
  ///   - outbox: the stream's folder.
  ///   - spool: a folder of the store, for a file without a name that only this run can read.
  package func run(
    over snapshot: SnapshotStore, as entry: ArchiveEntry, recipients: [Card], signer: Identity,
    outbox: Folder, spool folder: Folder
  ) throws -> Outcome {
    let spool = try PayloadSpool(in: folder)
    let time = clock.now
    let (counts, sent) = try pack(snapshot, entry, time, into: spool)
    guard counts.sent > 0 else { return Outcome(counts: counts, archive: nil, sent: sent) }
    let draft = try draft(entry, counts, time)
    let archive = try ArchiveWriter.seal(
      spool, draft, recipients: recipients, signer: signer, into: outbox,
      name: EntryName(draft.fileName))
    return Outcome(counts: counts, archive: archive, sent: sent)
  }

  /// The counts alone: a dry run.
  package func count(over snapshot: SnapshotStore) throws -> (counts: JobCounts, bytes: Int64) {
    var bytes: Int64 = 0
    let tar = try TarZstdWriter(threads: JobRun.threads) { bytes += Int64($0.count) }
    let none = SentVIDs(stream: plan.manifest.recipient, sequence: 0, deadline: 0)
    var batches = try RequestBatches(
      plan, time: clock.requestTime, resend: resend.look(), sent: none, into: tar)
    try fill(&batches, from: snapshot)
    try batches.finish { _ in [:] }
    return (batches.counts, bytes)
  }

  /// Compression runs beside the reading of the registry.
  private static let threads = 2

  private func pack(
    _ snapshot: SnapshotStore, _ entry: ArchiveEntry, _ time: UTCTime, into spool: PayloadSpool
  ) throws -> (JobCounts, SentVIDs) {
    let tar = try TarZstdWriter(threads: JobRun.threads, sink: spool.write)
    var batches = try RequestBatches(
      plan, time: clock.requestTime, resend: resend.look(),
      sent: resend.list(for: entry, at: time.seconds), into: tar)
    try fill(&batches, from: snapshot)
    try batches.finish { counts in describe(counts, entry, time) }
    return (batches.counts, batches.sent)
  }

  private func fill(_ batches: inout RequestBatches, from snapshot: SnapshotStore) throws {
    let bound = plan.stream.recordsPerJob
    guard let shared = try plan.sharedVIDs?.value() else {
      throw JobFault(
        code: "internal_error", message: "a plan is run without its snapshot", blame: .bug)
    }
    // The group is all who match, also those beyond the job's limit.
    var (group, hasRoom) = (0, true)
    let smallest = plan.stream.smallestGroup
    try plan.selection.forEach(over: snapshot) { row in
      group += 1
      guard hasRoom else { return group < smallest }
      hasRoom = try batches.append(row, isShared: shared.contains)
      if let bound, batches.counts.sent > bound { throw JobFault.tooMany(bound) }
      if let leftToday, batches.counts.sent > leftToday {
        throw JobFault.tooManyToday(plan.stream.recordsPerDay ?? 0)
      }
      return hasRoom || group < smallest
    }
    guard group >= smallest else { throw JobFault.groupTooSmall(smallest) }
  }

  /// `manifest.json`: what the MTS side needs to know of the whole.
  private func describe(_ counts: JobCounts, _ entry: ArchiveEntry, _ time: UTCTime) -> JSON {
    let manifest = plan.manifest
    return [
      "airlock": .string(ArchiveKind.mtsRequest.rawValue), "version": 1,
      "stream": .string(entry.stream), "sequence": .int(entry.sequence),
      "job": .string(manifest.name), "created": .string(time.text),
      "records": .count(counts.sent), "left_out": .count(counts.matched - counts.sent),
      "batches": .count(counts.batches), "batch_size": .count(manifest.mts.batchSize),
      "output": .string(manifest.mts.output.rawValue), "lang": .string(manifest.mts.lang),
      "fields": .array(manifest.leavingFields.map { .string($0.name) }),
    ]
  }

  private func draft(
    _ entry: ArchiveEntry, _ counts: JobCounts, _ time: UTCTime
  ) throws -> ArchiveDraft {
    guard let stream = ArchiveLabel(entry.stream), let job = ArchiveLabel(plan.manifest.name) else {
      throw JobFault(
        code: "bad_name", message: "the stream or the job has a name that no archive can have",
        blame: .bug)
    }
    return ArchiveDraft(
      kind: .mtsRequest, stream: stream, sequence: entry.sequence,
      previous: entry.previous.flatMap { Digest(hex: $0) }, created: time, job: job,
      fields: plan.manifest.leavingFields.map(\.name), records: Int64(counts.sent),
      batches: Int64(counts.batches),
      digests: digests, nextKey: nextKey)
  }
}
