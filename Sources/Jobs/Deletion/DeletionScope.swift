import Faults
import JSONText
import Language
package import Policies
package import Store

/// A VID-deletion policy that has been held against the site policy and the snapshot in force: whose
/// VIDs may go, which rows are VIDs, and which are tokens. Good for that snapshot alone.
package struct DeletionScope {
  package let policy: VIDDeletionPolicy
  /// Whose VIDs may go.
  package let search: RegistrySearch
  /// Ids of the id types of the rows that go; never empty, and all of them the registry's.
  package let vidTypes: [Int64]
  /// Of the rows that are tokens; empty as long as there is no token of the site's own type.
  package let tokenTypes: [Int64]
  /// What is accepted and is almost surely a mistake.
  package let warnings: [Verdict.Reason]

  static let model = "res.partner"

  /// - Throws: a `FaultList` of all that the snapshot has against it; `FileFault`, `LoadFault`,
  ///   `too_costly` where the snapshot cannot be asked.
  package init(
    _ policy: VIDDeletionPolicy, _ site: SitePolicy, over snapshot: SnapshotStore
  ) throws {
    try self.init(VIDDeletionReading(policy), site, over: snapshot)
  }

  /// The same for a document that may have faults of its own: they are told together.
  package init(
    _ reading: VIDDeletionReading, _ site: SitePolicy, over snapshot: SnapshotStore
  ) throws {
    let sound = reading.sound
    let types = try DeletionTypes(sound, site, over: snapshot)
    let domain = Resolver(catalog: snapshot.catalog).faults(
      of: sound.domain, on: DeletionScope.model, activeTest: true)
    if let all = FaultList(of: reading.faults + types.faults + domain) { throw all }
    policy = sound
    search = try RegistrySearch(
      sound.domain, model: DeletionScope.model, activeTest: true, over: snapshot)
    let unknown = search.lacks.filter { $0.kind == .namesNotExported }
    if let all = FaultList(of: unknown.map { $0 as any Fault }) { throw all }
    (vidTypes, tokenTypes) = (types.vid, types.token)
    let everyone =
      search.resolved.picksEveryone ? [DeletionScope.picksEveryone(sound.places.domain)] : []
    warnings = types.warnings + everyone + search.warnings.map(JobPlan.reason)
  }

  private static func picksEveryone(_ place: JSONCursor?) -> Verdict.Reason {
    .warning(
      "picks_everyone", "the domain picks every registrant", at: place,
      hint: "if that is not meant, narrow it; the other keys still bound what goes")
  }
}

extension Verdict.Reason {
  /// What is told of a place in a document.
  static func warning(
    _ code: String, _ message: String, at cursor: JSONCursor?, hint: String? = nil
  ) -> Verdict.Reason {
    let place = cursor.map { "\($0.position)\($0.pointer.isEmpty ? "" : " (\($0.pointer))"): " }
    return Verdict.Reason(
      code: code, message: (place ?? "") + message,
      place: cursor.map { $0.position.place(pointer: $0.pointer) }, hint: hint)
  }
}
