import Archives
import Faults
import Files
import JSONText
import Keys
import Language
import Policies
import Secrets
import Store

/// Takes in a manifest: one for now is run, one for later is kept for the schedule, and one that
/// stops a job stops it. A run is: plan, reserve a number, seal, stage, publish; each noted before
/// the next. A process that was killed goes on from what the journal says.
struct JobIntake {
  let processing: DropProcessing
  private let policy: PolicyInForce

  init(_ processing: DropProcessing, _ policy: PolicyInForce) {
    self.processing = processing
    self.policy = policy
  }

  var journal: Journal { processing.journal }
  var now: Int64 { processing.clock.now.seconds }

  /// What a manifest comes to, once it has been checked.
  private enum Work {
    case stop(name: String)
    case run(PreparedJob)
  }

  /// - Parameter order: who signed or sealed the manifest; nil where nobody did.
  func run(
    _ drop: Drop, _ document: JSONDocument, digest: Digest, by order: SignedOrder? = nil
  ) throws -> Drop {
    guard try isInForce(drop) else {
      return try processing.reject(drop, JobFault.superseded, kind: .job, digest: digest)
    }
    let work: Work
    do { work = try prepare(drop, document, digest, order) } catch {
      return try processing.reject(drop, error, kind: .job, digest: digest)
    }
    switch work {
    case .stop(let name): return try stop(name, drop, digest)
    case .run(let work):
      let earlier = try journal.job(named: work.plan.manifest.name)
      if drop.origin == .schedule, let earlier { return try run(drop, digest, work, earlier, []) }
      let job = JobRecord(work.plan.manifest, digest: digest, after: earlier, at: now)
      let news = JobIntake.news(of: job, after: earlier)
      guard job.state == .running else {
        return try keep(job, drop, digest, work, text: document.text, news)
      }
      return try run(drop, digest, work, job, news)
    }
  }

  /// Of two orders of one signer for one job the later holds: whoever carries them could keep one
  /// back, and hand it over when another is in force.
  /// - Throws: `older_job`, unless the operator let it through.
  private func require(
    _ order: SignedOrder, for job: String, _ drop: Drop, _ digest: Digest
  ) throws {
    let newest = try journal.newestOrder(of: order.signer, for: job, besides: drop)
    if let newest, newest.digest != digest.hex,
      order.issued < newest.issued || order.issued == SignedOrder.untimed,
      try !journal.isReleased(digest.hex)
    {
      throw TrustFault.olderJob(job, order.signer)
    }
    try journal.note(drop, orderedBy: order.signer, issued: order.issued, job: job)
  }

  private func prepare(
    _ drop: Drop, _ document: JSONDocument, _ digest: Digest, _ order: SignedOrder?
  ) throws -> Work {
    let asked = try ManifestDecoder.order(document)
    if let order { try require(order, for: asked.job, drop, digest) }
    if case .stop(let name) = asked { return .stop(name: name) }
    let work = try PreparedJob(
      document, digest: digest, on: processing.site, policy: policy, at: processing.clock.now)
    try processing.site.requireFit(processing.signer.card, at: processing.clock.now)
    if let end = work.plan.manifest.expires, end.seconds <= now { throw JobFault.expired(end) }
    return .run(work)
  }

  private func run(
    _ drop: Drop, _ digest: Digest, _ work: PreparedJob, _ job: JobRecord,
    _ news: [Verdict.Reason]
  ) throws -> Drop {
    let publication = ArchivePublication(processing)
    let entry = try publication.reserve(drop, stream: job.stream, job: job.name)
    let outcome: JobRun.Outcome
    do { outcome = try seal(work, entry, drop) } catch {
      return try processing.reject(drop, error, kind: .job, digest: digest)
    }
    var verdict = verdict(drop, digest, work, entry, outcome)
    verdict.warnings = news + verdict.warnings
    verdict.schedule = ScheduleReport(job, afterRun: drop)
    let (decision, run) = (
      processing.decision(verdict),
      RunRecord(work, job, entry, outcome, processing.salts, drop, at: now)
    )
    guard let archive = outcome.archive else {
      return try journal.decided(drop, decision, job: job, run: run)
    }
    // Once the journal knows of it, it is owed: it stays from before that, whatever fails. A commit
    // that fails may stand all the same, so that nothing is removed then: start-up does that.
    let kept = try archive.kept()
    let record = ArchiveRecord(kept.header, digest: kept.digest, bytes: kept.size)
    try journal.staged(drop, record, decision, job: job, run: run, sent: outcome.sent)
    // From here on the number is spent: what fails now is gone on with in the next pass.
    return try publication.show(kept, drop, decision, entry)
  }

  private func seal(
    _ work: PreparedJob, _ entry: ArchiveEntry, _ drop: Drop
  ) throws -> JobRun.Outcome {
    let outbox = try ArchivePublication(processing).folder(of: entry.stream)
    let leftToday = try work.plan.stream.recordsPerDay.map { bound in
      max(0, bound - (try journal.recordsSent(on: entry.stream, since: now - 86_400)))
    }
    let resend = try ResendGuard(
      work.plan.manifest.resend, on: entry.stream, processing.site, journal, at: now)
    let run = JobRun(
      work.plan, digests: work.sources.shown(processing.salts, drop), clock: processing.clock,
      resend: resend,
      leftToday: leftToday, nextKey: try processing.site.nextKey(after: processing.signer.card))
    return try run.run(
      over: work.snapshot, as: entry, recipients: work.recipients, signer: processing.signer,
      outbox: outbox, spool: processing.site.store)
  }

  private func verdict(
    _ drop: Drop, _ digest: Digest, _ work: PreparedJob, _ entry: ArchiveEntry,
    _ outcome: JobRun.Outcome
  ) -> Verdict {
    let (counts, manifest) = (outcome.counts, work.plan.manifest)
    var verdict = processing.verdict(drop, .job, .accepted, digest: digest)
    verdict.warnings = work.plan.warnings + counts.warnings
    if outcome.archive == nil {
      verdict.warnings.append(counts.matched == 0 ? JobIntake.nobody : JobIntake.nobodyToSend)
    }
    verdict.job = JobReport(
      name: manifest.name, recipient: manifest.recipient, matched: counts.matched,
      sent: counts.sent, leftOut: counts.leftOutByCode, batches: counts.batches,
      snapshotDigest: processing.salts.snapshot(work.sources.snapshot).hex,
      archive: outcome.archive.map { archive in
        ArchiveReport(
          file: "\(entry.stream)/\(archive.header.fileName)", sequence: entry.sequence,
          digest: archive.digest.hex, bytes: archive.size)
      })
    verdict.job?.acceptedLoss = work.plan.acceptedLoss
    return verdict
  }

  private static let nobody = Verdict.Reason(
    code: "nobody_matched", message: "no registrant meets the filter, so no archive was made",
    hint: "try the filter with airlock search, or airlock plan")

  private static let nobodyToSend = Verdict.Reason(
    code: "nobody_to_send",
    message: "everyone who meets the filter is left out, so no archive was made",
    hint: "left_out says why")

  /// Goes on with an archive that was staged when the process ended.
  /// - Returns: nil if nothing was staged, and the drop is to be judged from the start.
  func recover(_ drop: Drop) throws -> Drop? {
    guard let entry = try journal.archive(of: drop), entry.state == .staged,
      let digest = entry.digest.flatMap({ Digest(hex: $0) }), let kept = drop.decision
    else { return nil }
    return try ArchivePublication(processing).goOn(drop, kept, entry, digest: digest)
  }
}
