internal import Files
internal import JSONText
internal import Keys
internal import Ledger
internal import Secrets

/// Holds the erasure certificates in the outbox against the runs of policies that the ledger tells:
/// each run that deleted VIDs has the very certificate that its entry names, and there is no other.
struct CertificateAudit {
  private let story: LedgerStory
  private let keys: KeyAudit
  private let seen: [EntryName: SeenCertificate]
  private let isReadable: Bool
  private(set) var states: [Int64: AuditedPolicyRun.State] = [:]
  private(set) var findings: [Finding] = []

  /// - Parameter isReadable: false where nothing is known of the folder.
  init(_ seen: [SeenCertificate], _ story: LedgerStory, _ keys: KeyAudit, isReadable: Bool) {
    (self.story, self.keys, self.isReadable) = (story, keys, isReadable)
    self.seen = Dictionary(seen.map { ($0.file, $0) }) { first, _ in first }
    let places = Dictionary(seen.compactMap { file in file.content.map { ($0.digest, file) } }) {
      first, _ in first
    }
    var named: Set<EntryName> = []
    for run in story.policyRuns {
      guard let text = run.said.file else {
        states[run.place.entry] = AuditedPolicyRun.State.none
        continue
      }
      let file = try? EntryName(text)
      if let file, !named.insert(file).inserted {
        note(.forked, "recorded_twice", text, "entry \(run.place.entry) names it, and one before")
      }
      check(run, text, file.flatMap { self.seen[$0] }, places)
    }
    for file in seen where !named.contains(file.file) { judge(stranger: file) }
  }

  // MARK: what was recorded

  private mutating func check(
    _ run: LedgerStory.PolicyRun, _ file: String, _ found: SeenCertificate?,
    _ places: [Digest: SeenCertificate]
  ) {
    states[run.place.entry] = .doubtful
    switch found?.state {
    case .refused(let kind, let code, let message): note(kind, code, file, message)
    case .sound(let content): check(run, file, content)
    case .gone, nil:
      if run.said.certificate.flatMap({ places[$0] }) != nil {
        // It is there under another name, and told of there.
      } else if isReadable {
        states[run.place.entry] = .missing
        note(
          .missing, "certificate_missing", file,
          "entry \(run.place.entry) says that \(deleted(run)) went, and its certificate is not here"
        )
      }
    }
  }

  private mutating func check(
    _ run: LedgerStory.PolicyRun, _ file: String, _ content: SeenCertificate.Content
  ) {
    let entry = run.place.entry
    guard isBySite(content, file) else { return }
    guard content.said.file == file else { return judge(moved: content, file) }
    guard content.digest == run.said.certificate else {
      return note(
        .forked, "certificate_forked", file,
        "two certificates of this run were signed; this is not the one in entry \(entry)")
    }
    let differences = run.said.differences(from: content.said)
    guard differences.isEmpty else {
      return note(
        .ledger, "entry_differs", file,
        "entry \(entry) differs from the certificate in: " + differences.joined(separator: ", "))
    }
    let finding = keys.finding(
      content.keyID, content.sender, for: .archives, made: content.at, entry: run.place, story,
      subject: subject(file))
    if let finding { findings.append(finding) } else { states[entry] = .here }
  }

  /// A recipient may have a card, and erases nothing here.
  private mutating func isBySite(_ content: SeenCertificate.Content, _ file: String) -> Bool {
    guard let site = story.site, site.name != content.sender.text else { return true }
    note(.unsigned, "other_sender", file, "\(content.sender) signed it, and not \(site.name)")
    return false
  }

  // MARK: what was not recorded

  private mutating func judge(stranger: SeenCertificate) {
    let file = stranger.file.description
    switch stranger.state {
    case .gone: break
    case .refused(let kind, let code, let message):
      let kind = kind == .unreadable ? kind : .extra
      note(kind, code, file, "it is not in the ledger, and \(message)")
    case .sound(let content):
      guard isBySite(content, file) else { return }
      guard content.said.file == file else { return judge(moved: content, file) }
      // A run publishes its certificate just before it records it.
      if let end = story.end, content.at >= end {
        note(
          .remark, "certificate_not_recorded_yet", file,
          "the ledger does not go as far yet; if the registry is not at work, it is no certificate "
            + "of a run")
      } else {
        note(
          .extra, "certificate_not_recorded", file,
          "it says that \(Count.words(content.said.counts.deleted, "VID")) went, and no entry "
            + "records that")
      }
    }
  }

  private mutating func judge(moved content: SeenCertificate.Content, _ file: String) {
    note(
      .reordered, "misnamed", file,
      "this is the certificate \(content.said.file ?? ""), under another name")
  }

  private func deleted(_ run: LedgerStory.PolicyRun) -> String {
    Count.words(run.said.counts.deleted, "VID")
  }

  private func subject(_ file: String) -> String { "\(ErasureCertificate.folderName)/\(file)" }

  private mutating func note(
    _ kind: FindingClass, _ code: String, _ file: String, _ message: String
  ) {
    findings.append(Finding(kind, code, subject(file), message))
  }
}
