import Archives
package import Faults
import Files
import JSONText
package import Keys
import Language
package import Policies
import Secrets
import Snapshots
package import Store

/// Takes claimed drops to their verdicts.
///
/// A fault in a drop, or in doing what it asks, becomes its verdict. A fault of the journal or of
/// the inbox is thrown: the drop stays claimed, and the next pass goes on with it.
package struct DropProcessing {
  package let site: Site
  package let journal: Journal
  let signer: Identity
  let clock: WallClock

  package init(site: Site, journal: Journal, signer: Identity, clock: WallClock) {
    self.site = site
    self.journal = journal
    self.signer = signer
    self.clock = clock
  }

  /// Brings every unfinished drop to its end: snapshots first, so that a manifest dropped together
  /// with its snapshot finds it in force.
  /// - Parameters:
  ///   - report: told of each verdict as it stands.
  ///   - complain: told of a drop that cannot be brought to its end now; the others go on.
  /// - Throws: `StoreFault` if the journal cannot be used.
  package func finishAll(
    _ report: (Verdict.Summary) -> Void, complain: (any Fault) -> Void
  ) throws {
    let policy = PolicyInForce.read(site)
    let pending = try journal.unfinished().map { drop in (drop, recognise(drop, policy.intake)) }
    let (snapshots, rest) = (pending.filter(\.1.isSnapshot), pending.filter { !$0.1.isSnapshot })
    for (drop, content) in snapshots + rest {
      do {
        report(try finish(drop, content, policy))
      } catch let fault as any Fault {
        if fault is StoreFault { throw fault }
        complain(fault)
      }
    }
  }

  /// What a drop is; a fault is kept for its verdict.
  private func recognise(_ drop: Drop, _ limits: IntakeLimits) -> Recognition {
    guard drop.state == .claimed else { return .decided }
    if let objection = drop.objection {
      return .unreadable(
        JobFault(
          code: "bad_name", message: objection,
          hint: "rename the file to letters, digits, \".\", \"_\" and \"-\", and drop it again"))
    }
    do {
      let claim = try EntryName(drop.claim)
      return .content(
        try DropContent.recognise(limit: limits.manifestBytes) { bound in
          try OpenFile(claim, in: site.claimed, rules: .drop(limit: bound))
        })
    } catch {
      return .unreadable(error)
    }
  }

  private func finish(
    _ drop: Drop, _ recognition: Recognition, _ policy: PolicyInForce
  ) throws -> Verdict.Summary {
    let ended: Drop
    if drop.state == .claimed, let recovered = try JobIntake(self, policy).recover(drop) {
      return try DropReport(site: site, journal: journal).deliver(recovered)
    }
    switch recognition {
    case .decided: ended = drop
    case .unreadable(let error):
      ended = try reject(drop, error, kind: .unknown, digest: digest(of: drop))
    case .content(let content): ended = try decide(drop, content, policy)
    }
    return try DropReport(site: site, journal: journal).deliver(ended)
  }

  private func decide(
    _ drop: Drop, _ content: DropContent, _ policy: PolicyInForce
  ) throws -> Drop {
    switch content {
    case .broken(let fault, let digest):
      return try reject(drop, fault, kind: .unknown, digest: digest)
    case .snapshot:
      return try SnapshotIntake(self, policy.intake).run(drop)
    case .document(let document, "job", let digest):
      return try JobIntake(self, policy).run(drop, document, digest: digest)
    case .document(_, let kind, let digest):
      let fault = JobFault(
        code: "not_a_drop",
        message: "a document of the kind \(Spelling.shown(kind)) is not something to drop here",
        hint: "drop snapshots and job manifests (\"airlock\": \"job\")")
      return try reject(drop, fault, kind: .unknown, digest: digest)
    }
  }

  /// The digest of a claimed drop's bytes; nil for what cannot be read.
  func digest(of drop: Drop) -> Digest? {
    guard let name = try? EntryName(drop.claim),
      let file = try? OpenFile(name, in: site.claimed, rules: .drop(limit: 1 << 40))
    else { return nil }
    let stream = DigestStream()
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    while let count = try? buffer.withUnsafeMutableBytes({ try file.read(into: $0) }) {
      guard count > 0 else { return stream.finish() }
      buffer.withUnsafeBytes { stream.update(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
    }
    return nil
  }

  /// Settles a drop with a verdict.
  func settle(_ drop: Drop, _ verdict: Verdict) throws -> Drop {
    try journal.decided(drop, decision(verdict))
  }

  func decision(_ verdict: Verdict) -> Decision {
    Decision(
      kind: verdict.kind.rawValue, digest: verdict.digest, outcome: verdict.outcome.rawValue,
      verdict: verdict.json.pretty())
  }

  func verdict(
    _ drop: Drop, _ kind: Verdict.Kind, _ outcome: Verdict.Outcome, digest: Digest?
  ) -> Verdict {
    Verdict(
      drop: drop.name, digest: digest?.hex, kind: kind, outcome: outcome, at: clock.now.text)
  }

  /// Turns a fault into a verdict; a defect of ours is told as one, without its details.
  /// - Throws: a stop that was asked for, which says nothing of the drop: it stays claimed.
  func reject(
    _ drop: Drop, _ error: any Error, kind: Verdict.Kind, digest: Digest?,
    outcome: Verdict.Outcome = .rejected
  ) throws -> Drop {
    if let fault = error as? StoreFault, fault.isStop { throw fault }
    var verdict = verdict(drop, kind, outcome, digest: digest)
    let unknown = JobFault(
      code: "internal_error", message: "airlock failed on this drop in a way it should not",
      hint: "this is a defect of airlock: please report it, with this verdict", blame: .bug)
    verdict.reason = Verdict.Reason((error as? any Fault) ?? unknown)
    if let file = error as? FileFault {
      // The operator knows the drop's name, and not where we put it.
      verdict.reason?.message = file.message.replacing(
        site.claimed.path + "/" + drop.claim, with: drop.name)
      if file.blame == .input { verdict.reason?.hint = "drop a plain file of its own" }
    }
    return try settle(drop, verdict)
  }
}

/// What was found out about a drop before anything is done.
private enum Recognition {
  case decided
  case content(DropContent)
  case unreadable(any Error)

  var isSnapshot: Bool {
    if case .content(.snapshot) = self { return true }
    return false
  }
}
