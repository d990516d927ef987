import Faults
import JSONText
package import Language
import Policies
import Snapshots
package import Store

/// What a job reads: the registry, or the submissions of an ODK form.
package enum JobInput: Sendable {
  case registry
  /// - vid: the field that holds the VID.
  /// - from: submissions from this moment on, `YYYY-MM-DD HH:MM:SS`, UTC.
  /// - to: submissions before this moment.
  case odk(vid: ManifestField, from: String? = nil, to: String? = nil)

  /// The snapshot that the job runs over.
  package var store: SnapshotKind {
    switch self {
    case .registry: .registry
    case .odk: .odk
    }
  }
}

extension JobInput {
  /// Where the VIDs stand.
  /// - Throws: `no_vid_type`; `field_not_allowed`, since a field that is sent as the VID leaves as
  ///   well; what `select` throws.
  func vid(
    types: [Int64], policy: SitePolicy, stream: SitePolicy.Stream,
    select: (ManifestField) throws -> SelectedField
  ) throws -> VIDSource {
    switch self {
    case .registry:
      guard !types.isEmpty else { throw JobFault.noVIDType(named: policy.idTypes.vid) }
      return .registrantIDs(types: types)
    case .odk(let field, _, _):
      guard stream.fields.contains(field.name) else { throw JobInput.notAllowed(field) }
      return .field(try select(field))
    }
  }

  /// The predicate, within the window of submission dates.
  func narrowed(_ predicate: Predicate) -> Predicate {
    guard case .odk(_, let from, let to) = self, from != nil || to != nil else { return predicate }
    let date = Column(name: ODK.submissionDate, type: .datetime)
    let window: [Predicate?] = [
      from.map { .compare(date, .greaterOrEqual, .text($0)) },
      to.map { .compare(date, .less, .text($0)) },
    ]
    return .all(window.compactMap { $0 } + [predicate])
  }

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
