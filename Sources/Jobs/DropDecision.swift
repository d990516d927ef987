import Faults
import Files
import JSONText
import Language
import Policies
import Secrets
import Store

/// Finds out what a claimed drop is, whether it comes from whom it must, and has it judged as that.
/// What was vouched for and what is judged are the same bytes: their digests are compared.
struct DropDecision {
  private let processing: DropProcessing
  private let policy: PolicyInForce

  init(_ processing: DropProcessing, _ policy: PolicyInForce) {
    self.processing = processing
    self.policy = policy
  }

  private var site: Site { processing.site }

  func decide(_ drop: Drop) throws -> Drop {
    if drop.ownKind != nil {
      return try PolicyRunIntake(processing, policy).run(drop, digest: processing.digest(of: drop))
    }
    let subject: Subject
    do {
      try requireName(drop)
      try Readability(processing.site).require(drop)
      subject = try self.subject(drop)
    } catch {
      return try processing.reject(drop, error, kind: .unknown, digest: processing.digest(of: drop))
    }
    switch subject.content {
    case .snapshot: return try decideSnapshot(drop, subject)
    case .document(let document, "job", let digest):
      return try decideJob(drop, subject, document, digest)
    case .document(_, "receipt", let digest) where subject.sealed == nil:
      return try ReceiptIntake(processing, policy).run(drop, digest: digest)
    case .result(let form):
      return try decideResult(drop, subject, ResultFile(subject.file, in: site.claimed, form))
    default:
      if let result = subject.result { return try decideResult(drop, subject, result) }
      return try decideOther(drop, subject)
    }
  }

  /// What a drop turned out to be. For what came out of an archive, the digest that it was signed
  /// with, and what the archive says that it is.
  private struct Subject {
    let file: DropFile
    let content: DropContent
    var sealed: (kind: DropTrust.Kind, vouched: Vouched)?
    /// What came out of an archive of results.
    var result: ResultFile?
  }

  private func subject(_ drop: Drop) throws -> Subject {
    let claim = try EntryName(drop.claim)
    let content = try processing.recognise(claim, policy.intake)
    guard case .archive = content else {
      return Subject(file: DropFile(entry: claim, name: drop.name), content: content)
    }
    let policy = try policy.policy().policy
    try Sidecar(drop, site, at: processing.clock.now).checkSum(limit: policy.intake.bytes)
    let sealed = SealedDrops(
      site: site, identity: processing.signer, policy: policy, now: processing.clock.now)
    if let result = try sealed.openResult(drop) {
      let file = DropFile(entry: claim, name: drop.name)
      return Subject(
        file: file, content: .archive,
        sealed: (.result, Vouched(digest: result.archive ?? Digest(of: []), order: nil)),
        result: result)
    }
    let opened = try sealed.open(drop)
    return Subject(
      file: opened.file, content: try processing.recognise(opened.file.entry, policy.intake),
      sealed: (opened.kind, opened.vouched))
  }

  private func decideSnapshot(_ drop: Drop, _ subject: Subject) throws -> Drop {
    let proven: Digest?
    do { proven = try requireTrust(drop, subject, .snapshot)?.digest } catch {
      return try processing.reject(
        drop, error, kind: .snapshot, digest: processing.digest(of: subject.file))
    }
    let released = try released(subject.file, proven)
    return try SnapshotIntake(processing, policy.intake, once: countsOnce(.snapshot)).run(
      drop, subject.file, proven: released ?? proven, isReleased: released != nil)
  }

  /// Whether the bytes of such a drop count once: where a signature says who may drop, an old signed
  /// file in the hands of others must not. Without a policy nothing is taken in.
  private func countsOnce(_ kind: DropTrust.Kind) -> Bool {
    (try? policy.policy().policy.trust[kind].isRequired) ?? true
  }

  /// The digest of the file, if the operator has released these bytes.
  private func released(_ file: DropFile, _ proven: Digest?) throws -> Digest? {
    guard try processing.journal.hasReleases(),
      let digest = proven ?? processing.digest(of: file),
      try processing.journal.isReleased(digest.hex)
    else { return nil }
    return digest
  }

  private func decideResult(_ drop: Drop, _ subject: Subject, _ file: ResultFile) throws -> Drop {
    let (proven, policy): (Digest?, SitePolicy)
    do {
      policy = try self.policy.policy().policy
      proven = try requireTrust(drop, subject, .result)?.digest
    } catch {
      return try processing.reject(
        drop, error, kind: .result, digest: processing.digest(of: subject.file))
    }
    return try ResultIntake(processing, policy).run(drop, file, proven: proven)
  }

  private func decideJob(
    _ drop: Drop, _ subject: Subject, _ document: JSONDocument, _ digest: Digest
  ) throws -> Drop {
    // A run of the schedule is a copy of what was judged when it was dropped.
    guard drop.origin == .inbox else {
      return try JobIntake(processing, policy).run(drop, document, digest: digest)
    }
    let vouched: Vouched?
    do {
      vouched = try requireTrust(drop, subject, .job)
      if let vouched, vouched.digest != digest { throw JobFault.changedWhileReading }
    } catch {
      return try processing.reject(drop, error, kind: .job, digest: digest)
    }
    guard try processing.journal.accepted(kind: "job", digest: digest.hex) == nil else {
      // Its signer gave the order once more: what was given in between is older.
      if let order = vouched?.order, let asked = try? ManifestDecoder.order(document) {
        try processing.journal.note(
          drop, orderedBy: order.signer, issued: order.issued, job: asked.job)
      }
      return try processing.repeated(drop, .job, digest)
    }
    guard
      try !countsOnce(.job) || !processing.journal.wasAccepted(kind: "job", digest: digest.hex)
        || processing.journal.isReleased(digest.hex)
    else {
      return try processing.reject(drop, TrustFault.replayed(.job), kind: .job, digest: digest)
    }
    return try JobIntake(processing, policy).run(
      drop, document, digest: digest, by: vouched?.order)
  }

  private func decideOther(_ drop: Drop, _ subject: Subject) throws -> Drop {
    var fault: any Fault
    switch subject.content {
    case .broken(let broken, _): fault = broken
    case .document(_, let kind, _):
      fault = JobFault(
        code: "not_a_drop",
        message: "a document of the kind \(Spelling.shown(kind)) is not something to drop here",
        hint: DropDecision.hint(for: kind))
    default:
      fault = JobFault(
        code: "not_a_drop", message: "an archive within an archive is not something to drop here")
    }
    if let sealed = subject.sealed, case .archive = subject.content {
      fault = TrustFault.kindDiffers(sealed.kind, "archive")
    }
    return try processing.reject(
      drop, fault, kind: .unknown, digest: processing.digest(of: subject.file))
  }

  private static func hint(for kind: String) -> String {
    switch kind {
    case "card", "rotation", "revocations":
      "a change of keys is taken in by hand: airlock keys add FILE"
    case "vid-deletion":
      "whoever keeps the policies puts it there by hand, as policies/NAME.json; airlock check tries it"
    case "policy":
      "whoever keeps the policies puts it there by hand, as policies/site.json; airlock check tries it"
    default: "drop snapshots, job manifests (\"airlock\": \"job\") and receipts"
    }
  }

  /// - Returns: what somebody vouched for, and who; nil if nobody did, and nobody must. Without a policy nobody knows who must.
  private func requireTrust(
    _ drop: Drop, _ subject: Subject, _ kind: DropTrust.Kind
  ) throws -> Vouched? {
    if let sealed = subject.sealed {
      guard sealed.kind == kind else { throw TrustFault.kindDiffers(sealed.kind, kind.rawValue) }
      return sealed.vouched
    }
    let policy = try policy.policy().policy
    return try Sidecar(drop, site, at: processing.clock.now).check(
      kind, policy.trust, limit: policy.intake.bytes)
  }

  private func requireName(_ drop: Drop) throws {
    if Sidecar.endings.contains(where: drop.name.hasSuffix) {
      throw JobFault(
        code: "orphan_sidecar", message: "the file that this one speaks of was not dropped",
        hint: "drop both, this one first")
    }
    guard let objection = drop.objection else { return }
    guard drop.name.hasPrefix(DropFile.badName) else {
      throw JobFault(
        code: "sidecar_unreadable", message: objection,
        hint: "make it a plain file that airlock's group may read, and drop both again")
    }
    throw JobFault(
      code: "bad_name", message: objection,
      hint: "rename the file to letters, digits, \".\", \"_\" and \"-\", and drop it again")
  }
}
