import Faults
import Files
import JSONText
import Keys
import Language
package import Policies
import Secrets
import Snapshots
import Store

/// Judges a file as a drop of it would be judged, and touches nothing.
package struct DropCheck {
  /// What was found.
  package struct Finding: Sendable {
    /// `snapshot`, `job`, `policy` or `vid-deletion`.
    package let kind: String
    /// What there is to say, line by line: names and counts.
    package let facts: [String]
    package let warnings: [Verdict.Reason]
  }

  let site: Site?
  private let clock: WallClock

  /// - Parameter site: whose policy and snapshot a manifest is held against; without one, only its
  ///   own form is checked.
  package init(site: Site?, clock: WallClock = .system) {
    self.site = site
    self.clock = clock
  }

  /// - Throws: the fault that a verdict would give as its reason; for a manifest a `FaultList`.
  package func check(path: String) throws -> Finding {
    let limits = site.map { PolicyInForce.read($0).intake } ?? IntakeLimits()
    let content = try DropContent.recognise(limit: limits.manifestBytes, depth: limits.depth) {
      try OpenFile(path: path, rules: .named(limit: $0))
    }
    switch content {
    case .broken(let fault, _): throw fault
    case .snapshot: return try snapshot(path)
    case .result:
      throw JobFault(
        code: "not_a_drop", message: "a result of the MTS is judged against what was sent",
        hint: "drop it: the verdict says what became of each of its rows, in counts")
    case .archive:
      throw JobFault(
        code: "not_a_drop", message: "a sealed archive is not checked here",
        hint: "airlock verify checks its signature")
    case .document(let document, "job", let digest): return try job(document, digest)
    case .document(let document, "policy", _): return try policy(document)
    case .document(let document, "vid-deletion", _): return try deletion(document, path)
    case .document(_, let kind, _):
      throw JobFault(
        code: "not_a_drop",
        message: "a document of the kind \(Spelling.shown(kind)) is not one that is checked here",
        hint: "this command checks snapshots, job manifests and policies")
    }
  }

  private func snapshot(_ path: String) throws -> Finding {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let source = SnapshotSource(name: name) {
      try DropInput(OpenFile(path: path, rules: .named(limit: .max)))
    }
    let report = try SnapshotChecker.check(source)
    let partners = report.counts[SnapshotReader.mainModel] ?? 0
    let external = SnapshotNotes.external(report.external, of: partners).map { [$0] } ?? []
    let counts = report.counts.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value) records" }
    return Finding(
      kind: "snapshot", facts: counts + ["digest \(report.digest.hex)"],
      warnings: report.contents.notes.map { note in
        Verdict.Reason(code: SnapshotContents.code(of: note), message: note, hint: nil)
      } + external + ExportCaps.warnings(report.counts) + (try doubts(report, source)))
  }

  /// What would hold the snapshot, were it dropped now: it is sound all the same.
  private func doubts(
    _ report: SnapshotChecker.Report, _ source: SnapshotSource
  ) throws -> [Verdict.Reason] {
    let kind = try DropForm.tell(source)
    var noIDs: [Verdict.Reason] = []
    guard case .registry(let head) = kind, head?.kind != .delta else { return [] }
    if report.counts["g2p.reg.id", default: 0] == 0 {
      noIDs.append(SnapshotNotes.noIDs(report.counts))
    }
    if report.counts[SnapshotReader.mainModel, default: 0] == 0 { throw SnapshotNotes.empty }
    guard let site, let inForce = try? SnapshotStore.open(site.store) else { return noIDs }
    let percent = PolicyInForce.read(site).intake.leastAlikePercent
    let likeness = try Likeness(counts: report.counts, partners: report.partners, to: inForce)
    let doubt = UnlikeTheLast(likeness, percent: percent).fault
    return noIDs + [doubt.map { Verdict.Reason($0) }].compactMap(\.self)
  }

  private func policy(_ document: JSONDocument) throws -> Finding {
    let policy = try SitePolicyDecoder.decode(document.text)
    let streams = policy.streams.sorted { $0.key < $1.key }.map { name, stream in
      "stream \(name): \(stream.fields.count) fields, to \(stream.recipients.joined(separator: ", "))"
    }
    let patches = policy.registryPatches.map {
      ["stream \($0.stream): patches for the registry, to \($0.recipients.joined(separator: ", "))"]
    }
    let known = try site.map { Set(try KeyFolder($0.keys).cards().cards.map(\.name.text)) }
    let missing = policy.everyRecipient.subtracting(known ?? [])
    let signers = try site.map { Set(try KeyFolder($0.keys).signers().map(\.name.text)) } ?? []
    let strangers = policy.trust.signers.subtracting(signers)
    let warnings = (known == nil ? [] : missing.sorted()).map { name in
      Verdict.Reason(
        code: "card_unknown", message: "there is no card of the recipient \(name)",
        hint: "airlock keys add CARD")
    }
    let doubts = (known == nil ? [] : strangers.sorted()).map { name in
      Verdict.Reason(
        code: "card_unknown", message: "there is no key of the signer \(name)",
        hint:
          "airlock keys add CARD, or for the stock tool: airlock keys add KEY.pub --name \(name)")
    }
    return Finding(
      kind: "policy", facts: streams + (patches ?? []), warnings: warnings + doubts)
  }

  private func job(_ document: JSONDocument, _ digest: Digest) throws -> Finding {
    let reading = ManifestDecoder.read(document)
    if case .stop(let name) = reading.order {
      return Finding(kind: "job", facts: ["it ends the recurring job \(name)"], warnings: [])
    }
    guard let site else {
      try JobObjections(reading).raise()
      let manifest = try ManifestDecoder.decode(document)
      return Finding(
        kind: "job", facts: facts(manifest) + ["only its form was checked: no site was named"],
        warnings: try warnings(manifest))
    }
    let plan = try PreparedJob(
      document, digest: digest, on: site, policy: PolicyInForce.read(site), at: clock.now
    ).plan
    // Nothing may be left at work on another thread when the process ends.
    _ = try plan.sharedVIDs?.value()
    return Finding(
      kind: "job", facts: facts(plan.manifest) + ["it can run over the snapshot in force"],
      warnings: try warnings(plan.manifest) + plan.warnings)
  }

  private func facts(_ manifest: Manifest) -> [String] {
    let what =
      "job \(manifest.name), to \(Spelling.shown(manifest.recipient)), \(manifest.leavingFields.count) fields"
    switch manifest.schedule {
    case .onetime: return [what]
    case .recurring(let recurrence): return [what, "every \(recurrence.minutes) minutes"]
    }
  }

  /// What is no fault, and keeps the job from running today.
  /// - Throws: `expired`.
  private func warnings(_ manifest: Manifest) throws -> [Verdict.Reason] {
    if let end = manifest.expires, end <= clock.now { throw JobFault.expired(end) }
    guard let start = manifest.notBefore, start > clock.now else { return [] }
    return [
      Verdict.Reason(code: "not_yet", message: "dropped now, the job waits until \(start.text)")
    ]
  }
}
