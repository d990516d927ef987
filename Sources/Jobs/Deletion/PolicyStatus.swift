import Faults
import JSONText
import Ledger
package import Policies
import Store

/// How a VID-deletion policy stands: whether its file is sound now, what the last look at it found,
/// and what its last run deleted. Looks at nothing that a look would: counts are the last look's.
package struct PolicyStatus: Sendable {
  package enum State: String, Sendable {
    /// It runs whenever it finds something to delete.
    case on
    /// It deletes nothing, as its file says.
    case off
    /// It deletes nothing until its file, the policy, or the snapshot is mended.
    case faulty
    /// It deletes nothing until the operator has looked, or what hinders it is gone.
    case stopped
  }

  package struct Run: Sendable {
    /// Seconds since 1970.
    package let at: Int64
    package let deleted: Int64
    /// The certificate's path below the outbox.
    package let certificate: String?
  }

  package let name: String
  package let state: State
  /// Nil where the file cannot be read.
  package var isEnabled: Bool?
  package var intervalMinutes: Int?
  /// When it was looked at, and when it will be, in seconds since 1970.
  package var looked: Int64?
  package var next: Int64?
  /// What the last look found.
  package var found: PolicyFinding.Counts?
  /// Why it deletes nothing: all that is wrong with it now, else what stopped the last look.
  package let reasons: [Verdict.Reason]
  package var lastRun: Run?

  /// All, by name; no lock is taken.
  /// - Throws: `too_many_policies`, `FileFault`: then none deletes anything.
  static func all(
    of site: Site, _ policy: PolicyInForce, _ tokens: TokenStore?, _ journal: Journal
  ) throws -> [PolicyStatus] {
    let entries = try DeletionPolicies.read(site)
    guard !entries.isEmpty else { return [] }
    let (looks, runs) = (try tokens?.policyLooks() ?? [:], try journal.lastPolicyRuns())
    let snapshot = try? SnapshotStore.open(site.store, bounds: site.bounds)
    return try entries.map { entry in
      var status = try PolicyStatus(
        entry, looks[entry.name], faults: Self.faults(of: entry, policy, over: snapshot))
      if let (run, at) = runs[entry.name] {
        status.lastRun = Run(
          at: at.seconds, deleted: run.counts.deleted,
          certificate: run.file.map { "\(ErasureCertificate.folderName)/\($0)" })
      }
      return status
    }
  }

  private init(
    _ entry: DeletionPolicies.Entry, _ look: PolicyLook?, faults: [Verdict.Reason]
  ) {
    let finding = look?.found.flatMap { PolicyFinding(parsing: $0) }
    (name, looked, next) = (entry.name, look?.looked, look?.next)
    if case .sound(let policy, _) = entry.state {
      (isEnabled, intervalMinutes) = (policy.isEnabled, policy.intervalMinutes)
    }
    guard faults.isEmpty else {
      (state, reasons) = (.faulty, faults)
      return
    }
    found = finding?.counts
    if isEnabled == false { next = nil }
    let stop = isEnabled == false ? nil : finding?.reason
    state = isEnabled == false ? .off : stop == nil ? .on : .stopped
    reasons = stop.map { [Verdict.Reason(code: $0.code, message: $0.message, hint: $0.hint)] } ?? []
  }

  /// What is wrong with the file itself, or with what it says over the snapshot in force. Where there
  /// is no policy or no snapshot, that is told elsewhere.
  private static func faults(
    of entry: DeletionPolicies.Entry, _ policy: PolicyInForce, over snapshot: SnapshotStore?
  ) throws -> [Verdict.Reason] {
    do {
      let (deletion, _) = try entry.sound()
      guard case .sound(let site, _) = policy, let snapshot else { return [] }
      _ = try DeletionScope(deletion, site, over: snapshot)
      return []
    } catch let fault as any Fault {
      if (fault as? StoreFault)?.isStop ?? false { throw fault }
      let reason = Verdict.Reason(DeletionPolicyFault.filed(fault, "policies/\(entry.name).json"))
      return reason.all.isEmpty ? [reason] : reason.all
    }
  }
}
