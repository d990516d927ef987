import Faults
import JSONText
package import Language
import Policies
import Snapshots
package import Store

extension JobInput {
  /// The snapshot that a job with this input runs over.
  package var store: SnapshotKind {
    switch self {
    case .registry: .registry
    case .odk: .odk
    }
  }

  /// The predicate, within the window of submission dates.
  func narrowed(_ predicate: Predicate) -> Predicate {
    guard case .odk(let window) = self else { return predicate }
    let date = Column(name: ODK.submissionDate, type: .datetime)
    let bounds: [Predicate?] = [
      window.from.map { .compare(date, .greaterOrEqual, .text($0.columnText)) },
      window.to.map { .compare(date, .less, .text($0.columnText)) },
    ]
    let known = bounds.compactMap { $0 }
    return known.isEmpty ? predicate : .all(known + [predicate])
  }
}

extension UTCTime {
  /// As times stand in a snapshot: `2026-11-22 10:00:00`.
  fileprivate var columnText: String {
    String(text.map { $0 == "T" ? " " : $0 }.prefix(19))
  }
}

/// Where a job finds the VIDs.
struct VIDChoice {
  let types: [Int64]
  let policy: SitePolicy
  let stream: SitePolicy.Stream

  /// - Throws: `no_vid_type`, `vid_not_mapped`; `field_not_allowed`, since a field that is sent as
  ///   the VID leaves as well; what `select` throws.
  func source(
    for manifest: Manifest, select: (ManifestField) throws -> SelectedField
  ) throws -> VIDSource {
    switch manifest.input {
    case .registry:
      guard !types.isEmpty else { throw JobFault.noVIDType(named: policy.idTypes.vid) }
      return .registrantIDs(types: types)
    case .odk:
      guard let field = manifest.mts.mapping.vid else { throw VIDChoice.notMapped }
      guard stream.fields.contains(field.name) else { throw VIDChoice.notAllowed(field) }
      return .field(try select(field))
    }
  }

  private static let notMapped = JobFault(
    code: "vid_not_mapped", message: "no field of the form is mapped to \"vid\"",
    hint: "say in mts.mapping.vid which field of the form holds the VID")

  private static func notAllowed(_ field: ManifestField) -> PolicyFault {
    PolicyFault(
      code: "field_not_allowed",
      message:
        "\(field.place.position) (\(field.place.pointer)): the site policy does not let the field \(Spelling.shown(field.name)) leave, which is to be sent as the VID",
      hint: "have it added to the stream's fields in policies/site.json",
      place: FaultPlace(
        line: field.place.position.line, column: field.place.position.column,
        pointer: field.place.pointer))
  }
}
