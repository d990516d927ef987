import Archives
import Faults
import Files
import JSONText
import Policies
import Secrets
import Store

extension DropProcessing {
  /// Settles a drop with a verdict.
  func settle(_ drop: Drop, _ verdict: Verdict) throws -> Drop {
    try journal.decided(drop, decision(verdict))
  }

  func decision(_ verdict: Verdict) -> Decision {
    Decision(
      kind: verdict.kind.rawValue, digest: verdict.digest, outcome: verdict.outcome.rawValue,
      verdict: verdict.json.pretty(), code: verdict.reason?.code)
  }

  func verdict(
    _ drop: Drop, _ kind: Verdict.Kind, _ outcome: Verdict.Outcome, digest: Digest?
  ) -> Verdict {
    Verdict(
      drop: drop.name, digest: digest?.hex,
      shown: digest.map { salts.shown($0, .drop, drop: drop.id).hex }, kind: kind,
      outcome: outcome, at: clock.now.text)
  }

  /// Settles a drop whose bytes were accepted before: the earlier report again, and nothing done.
  func repeated(_ drop: Drop, _ kind: Verdict.Kind, _ digest: Digest) throws -> Drop {
    var verdict = verdict(drop, kind, .duplicate, digest: digest)
    let earlier = try journal.accepted(kind: kind.rawValue, digest: digest.hex)
    let document = try? earlier.map { try JSONDocument(parsing: $0.verdict).root.json }
    verdict.earlier = document.map(Earlier.init)
    let before = verdict.earlier.map { " as \($0.drop), at \($0.at)" } ?? ""
    verdict.reason = Verdict.Reason(
      code: "duplicate", message: "the same bytes were accepted before\(before)",
      hint: kind == .job ? "to run the job again, change the manifest" : nil)
    return try settle(drop, verdict)
  }

  /// Turns a fault into a verdict; a defect of ours is told as one, without its details.
  /// - Parameter outcome: if not what the fault's code says.
  /// - Throws: a stop that was asked for, and a fault of the machine (`PostponedDrop`), which say
  ///   nothing of the drop: it stays claimed.
  func reject(
    _ drop: Drop, _ error: any Error, kind: Verdict.Kind, digest: Digest?,
    outcome: Verdict.Outcome? = nil
  ) throws -> Drop {
    if let fault = error as? StoreFault, fault.isStop { throw fault }
    if let fault = error as? SiteFault { throw fault }
    if let fault = error as? any Fault, fault.isOfTheMachine { throw PostponedDrop(drop, fault) }
    let unknown = JobFault(
      code: "internal_error", message: "airlock failed on this drop in a way it should not",
      hint: "this is a defect of airlock: please report it, with this verdict", blame: .bug)
    let fault = (error as? any Fault) ?? unknown
    let usual: Verdict.Outcome = Quarantine.codes.contains(fault.code) ? .quarantined : .rejected
    var verdict = verdict(drop, kind, outcome ?? usual, digest: digest)
    verdict.reason = Verdict.Reason(fault)
    if let file = error as? FileFault {
      // The operator knows the drop's name, and not where we put it.
      verdict.reason?.message = file.message.replacing(
        site.claimed.path + "/" + drop.claim, with: drop.name)
      if file.blame == .input { verdict.reason?.hint = "drop a plain file of its own" }
    }
    return try settle(drop, verdict)
  }
}
