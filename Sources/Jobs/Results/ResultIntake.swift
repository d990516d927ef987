import Archives
import Faults
import Files
import JSONText
import Policies
import Secrets
import Snapshots
import Store

/// Takes in a result of the MTS: its tokens, and which VIDs are answered.
///
/// The order is what makes it safe to be killed anywhere: tokens are kept first, then the snapshot that
/// filters see comes in force, and last, in one step with the verdict, what is answered. The snapshot
/// is made while the others are written, and waited for. Until the last step the drop is still claimed,
/// and all of it is done again, to the same end. Must never: match by position,
/// believe a cut file, or let a VID or a token into a verdict.
struct ResultIntake {
  private let processing: DropProcessing
  private let policy: SitePolicy

  init(_ processing: DropProcessing, _ policy: SitePolicy) {
    (self.processing, self.policy) = (processing, policy)
  }

  private var site: Site { processing.site }

  /// - Parameter proven: the digest of the bytes that somebody vouched for.
  func run(_ drop: Drop, _ file: ResultFile, proven: Digest?) throws -> Drop {
    // While the result is read, the snapshot is, too.
    let registry = Ahead { [site, policy] in
      try Self.registryTokens(on: site, policy.idTypes.uinToken)
    }
    defer { registry.finish() }
    let gathering: ResultGathering
    let (digest, places): (Digest, SentPlaces)
    do {
      (gathering, digest) = try gather(file, proven)
      if try processing.journal.accepted(kind: "result", digest: digest.hex) != nil {
        return try processing.repeated(drop, .result, digest)
      }
      places = try self.places(of: gathering, file)
    } catch {
      return try processing.reject(
        drop, error, kind: .result, digest: file.archive ?? proven ?? processing.digest(of: drop))
    }
    // From here on a failure is ours: the drop stays claimed.
    let origin = ResultOrigin(
      digest: digest, at: processing.clock.now.seconds, isVerified: file.archive != nil,
      idType: policy.idTypes.uinToken)
    let tokens = try TokenStore(in: site.store)
    let judgement = try tokens.judge(
      gathering.answers, places, from: origin, VIDHasher(in: site.store),
      registry: registry.value())
    // The snapshot with the tokens is made while they are written, unless it may have them already.
    let ahead =
      judgement.isAnew
      ? nil
      : RevisionAhead(
        try revision(TokenStore(in: site.store)), with: judgement, after: try tokens.revision)
    try tokens.keep(judgement)
    let revision = revision(tokens)
    let upToDate = Ahead { try revision.bringUpToDate(with: ahead) }
    defer { upToDate.finish() }
    let verdict = verdict(drop, digest, gathering, places, judgement.counts, file)
    return try processing.journal.decided(
      drop, processing.decision(verdict), result: (places, gathering.answers)
    ) { _ = try upToDate.value() }
  }

  private func revision(_ tokens: TokenStore) -> SnapshotRevision {
    SnapshotRevision(in: site.store, tokens, types: policy.idTypes.tokens)
  }

  private func gather(_ file: ResultFile, _ proven: Digest?) throws -> (ResultGathering, Digest) {
    let sent = try processing.journal.sentVIDCount()
    let gathering = ResultGathering(
      try VIDHasher(in: site.store), policy.intake, atMost: 2 * sent + 1_000)
    let read = try gathering.read(file)
    if file.archive == nil, let proven, proven != read { throw JobFault.changedWhileReading }
    guard let digest = file.archive ?? read else { throw ResultFault.empty }
    return (gathering, digest)
  }

  private func places(of gathering: ResultGathering, _ file: ResultFile) throws -> SentPlaces {
    let answered = try file.answers.map { try archive($0) }
    if let answered, file.parts.contains(where: { $0.form == .csv }),
      gathering.rows < answered.records
    {
      throw ResultFault.incomplete(rows: gathering.rows, of: Int(answered.records))
    }
    let places = try processing.journal.places(
      of: gathering.answers, in: answered.map { ($0.stream, $0.sequence) })
    guard !places.archives.isEmpty || gathering.answers.count == 0 else {
      throw ResultFault.nothingSent
    }
    return places
  }

  private func archive(_ reference: ArchiveReference) throws -> ShownArchive {
    let shown = try processing.journal.shown(on: reference.stream.text, reference.sequence)
    guard let shown, shown.kind == ArchiveKind.mtsRequest.rawValue else {
      throw ResultFault.unknownArchive(reference)
    }
    guard shown.digest == reference.digest.hex else { throw ResultFault.digestDiffers(reference) }
    return shown
  }

  /// Without a snapshot there are none.
  private static func registryTokens(on site: Site, _ type: String) throws -> [RegistryToken] {
    guard try site.store.exists(SnapshotKind.registry.fileName) else { return [] }
    return try RegistryTokens.reading(SnapshotStore.open(site.store), type: type) {
      try $0?.marks(VIDHasher(in: site.store)) ?? []
    }
  }

  private func verdict(
    _ drop: Drop, _ digest: Digest, _ gathering: ResultGathering, _ places: SentPlaces,
    _ counts: ResultCounts, _ file: ResultFile
  ) -> Verdict {
    var report = ResultReport()
    (report.rows, report.isVerified) = (gathering.rows, file.archive != nil)
    (report.tokens, report.known, report.refused) = (counts.tokens, counts.known, counts.refused)
    report.ignored = gathering.ignored
    for (reason, count) in [
      ("unknown_vid", places.unknown), ("two_registrants", places.ambiguous),
      ("frozen", counts.frozen),
    ] where count > 0 { report.ignored[reason] = count }
    for (reason, count) in counts.conflicts { report.conflicts[reason.rawValue] = count }
    report.archives = places.archives.map {
      ResultReport.Archive(
        stream: $0.stream, sequence: $0.sequence, sent: $0.sent, answered: $0.answered)
    }
    var verdict = processing.verdict(drop, .result, .accepted, digest: digest)
    verdict.result = report
    verdict.warnings = ResultWarnings.all(of: report, extraColumns: gathering.extraColumns)
    return verdict
  }
}

/// What the operator should look at, though the result is taken in.
private enum ResultWarnings {
  static func all(of report: ResultReport, extraColumns: Int) -> [Verdict.Reason] {
    var warnings: [Verdict.Reason] = []
    func warn(_ code: String, _ message: String, _ hint: String? = nil) {
      warnings.append(Verdict.Reason(code: code, message: message, hint: hint))
    }
    let frozen = report.conflicts.values.reduce(0, +)
    if frozen > 0 {
      warn(
        "conflict", "\(frozen) registrants have tokens that contradict each other, and are frozen",
        "nothing of theirs is deleted or sent to the registry until that is settled")
    }
    let missing = report.archives.reduce(0) { $0 + $1.sent - $1.answered }
    if missing > 0 {
      warn(
        "partial_result", "\(missing) of the VIDs that were sent have no answer yet",
        "if there should be one, fetch the result again: a cut table may look whole")
    }
    if extraColumns > 0 {
      warn("extra_columns", "it has columns besides vid, token, status and the error's")
    }
    return warnings
  }
}

extension SitePolicy.IDTypes {
  /// As the store knows them.
  var tokens: TokenTypes { TokenTypes(vid: vid, uinToken: uinToken) }
}
