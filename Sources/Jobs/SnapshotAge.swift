import JSONText
import Policies
import Store

/// Whether a snapshot may take the place of the one in force: an older one may only when the
/// operator says so. Where a time is unknown, nobody can tell, and it may.
struct SnapshotAge {
  /// The code of the fault, which the operator may release.
  static let code = "older_snapshot"

  private let snapshot: LoadedSnapshot
  private let salts: SiteSalts

  init(_ snapshot: LoadedSnapshot, _ salts: SiteSalts) {
    (self.snapshot, self.salts) = (snapshot, salts)
  }

  /// - Throws: `older_snapshot`, naming both.
  func requireNewer(than inForce: LoadedSnapshot?) throws(JobFault) {
    guard let inForce, let old = inForce.taken, let new = snapshot.taken,
      new < old
    else { return }
    let shown = salts.snapshot(inForce.digest)
    // Of what is not taken in no digest is told that would be the same for the same bytes.
    throw JobFault(
      code: Self.code,
      message:
        "\(snapshot.title(nil)) is older than the snapshot in force, \(inForce.title(shown))",
      hint: "if it is meant to replace it: airlock release NAME")
  }
}

/// What there is to say of a snapshot that was read well.
enum SnapshotNotes {
  static let empty = JobFault(
    code: "empty_snapshot", message: "the snapshot holds no partner at all",
    hint: "an empty export never replaces a registry; look into how it was made")

  /// - Parameter counts: records by model.
  static func noIDs(_ counts: [String: Int]) -> Verdict.Reason {
    guard counts["spp.registry.id"] == nil else {
      return Verdict.Reason(
        code: "no_reg_ids",
        message:
          "the ids of this registry are in spp.registry.id, as OpenSPP 2 has them: filters see them, and no VID can be sent from them",
        hint:
          "VIDs are read of g2p.reg.id and g2p.id.type alone; with OpenSPP 2, jobs cannot be run yet"
      )
    }
    return Verdict.Reason(
      code: "no_reg_ids",
      message: "no reg ids came along, so no VID can be sent from this snapshot",
      hint: "export g2p.reg.id and g2p.id.type as well, or nest the ids in reg_ids")
  }

  /// Registrants whose database id is not known.
  static func external(_ count: Int, of partners: Int) -> Verdict.Reason? {
    guard count > 0 else { return nil }
    return Verdict.Reason(
      code: "external_ids",
      message:
        "\(count) of \(partners) partners are known by their external id alone: filters by id do not find them, tokens of an export with database ids are not theirs, and the registry is told of them by the external id",
      hint:
        "export \".id\" as well (\"ID\" in Odoo's dialogue, offered when \"I want to update data\" is not ticked)"
    )
  }

  /// A warning where fewer than half of the partners before are left: exports are cut short.
  static func smaller(
    _ snapshot: LoadedSnapshot, than before: LoadedSnapshot?
  ) -> Verdict.Reason? {
    guard let before, snapshot.partners < before.partners - snapshot.partners else { return nil }
    return Verdict.Reason(
      code: "much_smaller",
      message:
        "\(snapshot.partners) partner\(snapshot.partners == 1 ? "" : "s") where the snapshot before had \(before.partners)",
      hint: "if that is not meant: drop a whole export again")
  }

  static func missing(_ count: Int) -> Verdict.Reason {
    Verdict.Reason(
      code: "deleted_before",
      message: "\(count) of the records that the delta deletes were not in the snapshot")
  }
}
