package import JSONText
internal import Faults
package import Files
package import Keys
package import Ledger
internal import Secrets

/// One look at an outbox.
package struct Audit: Sendable {
  private let outbox: Folder
  private let keys: KeyAudit
  private let earlier: Checkpoint?
  private let stream: String?
  private let overdue: Int64
  private let time: UTCTime
  private let wait: @Sendable () async -> Void

  /// - Parameters:
  ///   - keyring: whose signatures count, and for what.
  ///   - earlier: the checkpoint that the auditor kept from last time.
  ///   - stream: this one only; nil for all.
  ///   - overdue: the seconds after which a receipt should be there.
  ///   - wait: gives a site that may be at work the time to write an index.
  package init(
    _ outbox: Folder, keyring: Keyring, earlier: Checkpoint? = nil, stream: String? = nil,
    overdue: Int64 = 30 * 86_400, time: UTCTime,
    wait: @escaping @Sendable () async -> Void = { try? await Task.sleep(for: .seconds(1)) }
  ) {
    self.outbox = outbox
    keys = KeyAudit(keyring: keyring, time: time)
    self.earlier = earlier
    self.stream = stream
    self.overdue = overdue
    self.time = time
    self.wait = wait
  }

  /// Reads all there is. A site may be at work meanwhile: while what it signs moves on and
  /// anything seems wrong, the audit looks again, a few times at most.
  /// - Throws: `FileFault` when the outbox itself cannot be read.
  package func run() async throws -> AuditReport {
    var before = SignedStamps(outbox)
    var report = try await look()
    for _ in 0..<3 {
      if report.findings.isEmpty { break }
      var now = SignedStamps(outbox)
      // A checkpoint and an archive may be there, and the index not yet.
      if now == before, report.findings.contains(where: \.kind.isGrave) {
        await wait()
        now = SignedStamps(outbox)
      }
      if now == before { break }
      before = now
      report = try await look()
    }
    return report
  }

  private func look() async throws -> AuditReport {
    // First the names, then the ledger: what is visible was recorded before.
    let listing = try OutboxListing(outbox, time: time)
    var ledger = LedgerAudit(keys: keys, earlier: earlier)
    try await ledger.read(outbox)
    var findings = ledger.findings + listing.findings
    findings += listing.strangers.map {
      Finding(.extra, "stranger", "\($0)", "this does not belong into an outbox")
    }
    let story = ledger.story
    let unread = listing.unreadable.map(\.name).filter { $0 != Audit.certificates }
    let all = Set(listing.streams.map(\.name) + unread)
      .union(story.archives.keys.map(\.stream))
    var recorded = Dictionary(grouping: story.archives.values, by: \.said.stream)
    var receipts = ReceiptAudit(story, keys: keys)
    var states: [ArchiveKey: AuditedArchive.State] = [:]
    for files in listing.streams where stream == nil || stream == files.name {
      let seen = try await see(files)
      let archives = sorted(recorded.removeValue(forKey: files.name))
      let result = judge(files.name, files, archives, seen, story)
      findings += result.findings
      states.merge(result.states) { $1 }
      for file in files.receipts { receipts.check(file, in: files.folder, stream: files.name) }
    }
    let runs = try await policyRuns(story, listing)
    findings += runs.findings
    for (name, fault) in listing.unreadable where stream == nil || stream == name {
      let archives = recorded.removeValue(forKey: name) ?? []
      for archive in archives {
        states[archive.key] = story.retired[archive.key] == nil ? .doubtful : .retired
      }
      let hidden = sorted(archives).map(\.key).filter { states[$0] == .doubtful }
      findings.append(Finding(.unreadable, fault.code, name, fault.message, hidden))
    }
    for (name, archives) in recorded where stream == nil || stream == name {
      let result = judge(name, nil, sorted(archives), [], story)
      findings += result.findings
      states.merge(result.states) { $1 }
    }
    findings += receipts.findings
    let archives = archives(story, states)
    findings += late(archives)
    return AuditReport(
      time: time, stream: stream, streams: all.sorted(),
      site: story.site.map { .init(name: $0.name, keyID: $0.keyID, fingerprint: $0.fingerprint) },
      ledger: .init(
        entries: ledger.entries, head: ledger.checkpoint?.head.hash,
        signed: ledger.checkpoint?.at, earlier: earlier?.head.entries),
      archives: archives, policyRuns: runs.runs, findings: ordered(findings),
      verified: archives.count { $0.state == .here })
  }

  private func sorted(_ archives: [LedgerStory.Archive]?) -> [LedgerStory.Archive] {
    (archives ?? []).sorted { $0.said.sequence < $1.said.sequence }
  }

  private func see(_ stream: OutboxListing.Stream) async throws -> [SeenArchive] {
    var seen: [SeenArchive] = []
    let (files, folder, cards) = (stream.archives, stream.folder, keys.cards)
    try await inOrder(files.count) { number in
      SeenArchive(files[number], in: folder, cards: cards)
    } take: {
      seen.append($0)
    }
    return seen
  }

  private static let certificates = ErasureCertificate.folderName.description

  /// Nothing of them is looked at when one stream is.
  private func policyRuns(
    _ story: LedgerStory, _ listing: OutboxListing
  ) async throws -> (runs: [AuditedPolicyRun], findings: [Finding]) {
    guard stream == nil else { return ([], []) }
    var seen: [SeenCertificate] = []
    let (files, cards) = (listing.certificates?.files ?? [], keys.cards)
    if let folder = listing.certificates?.folder {
      // Each may have a million marks.
      try await inOrder(files.count, inFlight: 4) { number in
        SeenCertificate(files[number], in: folder, cards: cards)
      } take: {
        seen.append($0)
      }
    }
    let isReadable = !listing.unreadable.contains { $0.name == Audit.certificates }
    let audit = CertificateAudit(seen, story, keys, isReadable: isReadable)
    let strangers = (listing.certificates?.strangers ?? []).map {
      Finding(
        .extra, "stranger", "\(Audit.certificates)/\($0)", "this does not belong to certificates")
    }
    return (story.policyRuns.map { AuditedPolicyRun($0, audit.states) }, audit.findings + strangers)
  }

  private func judge(
    _ name: String, _ files: OutboxListing.Stream?, _ recorded: [LedgerStory.Archive],
    _ seen: [SeenArchive], _ story: LedgerStory
  ) -> (findings: [Finding], states: [ArchiveKey: AuditedArchive.State]) {
    var index = IndexAudit(name, in: files?.folder, story, keys)
    let audit = StreamAudit(
      name, recorded, seen, index.shown, story, keys, kept: earlier?.head.entries ?? 0)
    let isEmpty = recorded.isEmpty && files?.hasIndex != true
    if !isEmpty { index.compare(recorded.filter { audit.states[$0.key] != .pending }) }
    let strangers = (files?.strangers ?? []).map {
      Finding(.extra, "stranger", "\(name)/\($0)", "this does not belong into a stream")
    }
    return (audit.findings + (isEmpty ? [] : index.findings) + strangers, audit.states)
  }

  private func archives(
    _ story: LedgerStory, _ states: [ArchiveKey: AuditedArchive.State]
  ) -> [AuditedArchive] {
    story.order.compactMap { key in
      guard let archive = story.archives[key], let state = states[key] else { return nil }
      let said = archive.said
      let receipts = (story.receipts[key] ?? []).map(\.state)
      return AuditedArchive(
        stream: said.stream, sequence: said.sequence, file: said.file, kind: said.kind,
        digest: said.digest, bytes: said.bytes, records: said.records, job: said.job,
        created: said.created, fields: said.fields, recipients: said.recipients.map(\.name),
        snapshot: said.snapshot, manifest: said.manifest, policy: said.policy, keyID: said.keyID,
        entry: archive.entry, run: story.runs[key], state: state,
        acknowledged: receipts.first { $0 != "opened" } ?? receipts.first)
    }.sorted { ($0.created, $0.key) < ($1.created, $1.key) }
  }

  private func late(_ archives: [AuditedArchive]) -> [Finding] {
    archives.filter {
      $0.state == .here && $0.acknowledged == nil && $0.created.seconds + overdue < time.seconds
    }.map {
      let days = (time.seconds - $0.created.seconds) / 86_400
      return Finding(
        .overdue, "overdue", "\($0.stream)/\($0.file)", "no receipt for \(days) days", [$0.key])
    }
  }

  private func ordered(_ findings: [Finding]) -> [Finding] {
    findings.enumerated().sorted {
      ($1.element.kind, $0.offset) < ($0.element.kind, $1.offset)
    }.map(\.element)
  }
}

extension AuditedPolicyRun {
  fileprivate init(_ run: LedgerStory.PolicyRun, _ states: [Int64: State]) {
    let (said, counts) = (run.said, run.said.counts)
    self.init(
      entry: run.place.entry, at: run.place.at, policy: said.policy,
      policyDigest: said.policyDigest, snapshot: said.snapshot, matched: counts.matched,
      registrants: counts.registrants, deleted: counts.deleted, leftOut: counts.leftOut,
      file: said.file, certificate: said.certificate, state: states[run.place.entry] ?? .doubtful)
  }
}
