import JSONText
import Archives
import Faults
import Files
import Foundation
import Language
import Policies
import Secrets
import Snapshots
import Store

/// Loads a dropped snapshot and puts it in force, or leaves the one before in force and says why.
struct SnapshotIntake {
  private let processing: DropProcessing
  private let limits: IntakeLimits

  init(_ processing: DropProcessing, _ limits: IntakeLimits) {
    self.processing = processing
    self.limits = limits
  }

  /// - Parameter isReleased: the operator has released this drop: a snapshot older than the one in
  ///   force is put in force.
  func run(_ drop: Drop, isReleased: Bool = false) throws -> Drop {
    let loaded: LoadedSnapshot
    do {
      try requireRoom()
      let promised = try Sidecar(drop, processing.site).check(limit: limits.bytes)
      let staged = try load(drop)
      if let promised, promised != staged.summary.digest {
        throw JobFault.changedWhileReading
      }
      guard staged.summary.partners > 0 else { throw Self.empty }
      try staged.commit()
      loaded = staged.summary
    } catch {
      return try processing.reject(
        drop, error, kind: .snapshot, digest: processing.digest(of: drop))
    }
    var verdict = processing.verdict(drop, .snapshot, .accepted, digest: loaded.digest)
    if loaded.counts["g2p.reg.id", default: 0] == 0 { verdict.warnings.append(Self.noIDs) }
    verdict.warnings += loaded.notes.map { note in
      Verdict.Reason(code: "left_out", message: note, hint: nil)
    }
    verdict.snapshot = SnapshotReport(form: loaded.form.rawValue, records: loaded.counts)
    return try processing.settle(drop, verdict)
  }

  private static let empty = JobFault(
    code: "empty_snapshot", message: "the snapshot holds no partner at all",
    hint: "an empty export never replaces a registry; look into how it was made")

  private static let noIDs = Verdict.Reason(
    code: "no_reg_ids", message: "no reg ids came along, so no VID can be sent from this snapshot",
    hint: "export g2p.reg.id and g2p.id.type as well, or nest the ids in reg_ids")

  private func load(_ drop: Drop) throws -> StagedSnapshot {
    let (name, folder) = (try EntryName(drop.claim), processing.site.claimed)
    let (rules, bounds) = (OpenRules.drop(limit: limits.bytes), limits.unfolding)
    let source = SnapshotSource(name: drop.name) {
      try DropInput(OpenFile(name, in: folder, rules: rules), limits: bounds)
    }
    let now = Date(timeIntervalSince1970: Double(processing.clock.now.seconds))
    return try SnapshotLoader(into: processing.site.store, limits: limits.snapshot)
      .load(source, now: now)
  }

  private func requireRoom() throws {
    let free = try processing.site.store.freeBytes()
    guard free >= UInt64(limits.freeBytes) else {
      throw JobFault(
        code: "disk_full",
        message:
          "only \(free >> 20) MiB are free where the store is, less than the \(limits.freeBytes >> 20) MiB that the policy keeps free",
        hint: "make room, then drop the file again", blame: .environment)
    }
  }
}
