package import JSONText

/// What a job manifest asks for: who (`filter`), what of them (`fields`), for whom (`recipient`),
/// when (`schedule`), and in which words of the MTS (`mts`). All that a record of OpenG2P's
/// `mts.connector` carries, in one document.
///
/// A manifest asks, and never grants: what may leave and to whom is the site policy's to say, and
/// no key of a manifest names a path, a key or a limit of the site.
package struct Manifest: Sendable {
  /// The job's name: lower-case letters, digits, `-` and `_`; it begins the archive's name.
  package let name: String
  /// The stream of the site policy that the archive goes out on.
  package let recipient: String
  /// Whose data: the registry's, or submissions of ODK.
  package let input: JobInput
  package let schedule: JobSchedule
  /// Before this second the job does not run; nil is at once.
  package let notBefore: UTCTime?
  /// From this second on the job runs no more; nil is never.
  package let expires: UTCTime?
  package let filter: Domain
  /// Where the filter stands, for messages about the whole of it.
  package let filterPlace: JSONCursor
  /// The filter in canonical form: what the digest of a filter is of.
  package var filterText: [UInt8] { filterPlace.node.json.canonical() }
  /// The operator's word that everyone is meant.
  package let everyone: Bool
  /// Whether archived registrants are left out unless the filter names `active`; Odoo's default.
  package let activeTest: Bool
  /// The operator's word that the export may have lost something of these fields of the filter:
  /// `income`, or `g2p.reg.id.expiry_date` for one of another model.
  package let acceptLoss: Set<String>
  /// The fields to send, in the manifest's order.
  package let fields: [ManifestField]
  /// What comes first; `id` alone unless the manifest says otherwise.
  package let order: [OrderTerm]
  /// The most registrants to match, the first by `order`; nil is all of them.
  package let limit: Int?
  /// Whether registrants are sent again whose VID is out and unanswered.
  package let resend: ResendRule
  package let mts: MTSOptions
}

/// What a document of the kind "job" says.
package enum JobOrder: Sendable {
  case run(Manifest)
  /// `"stop": true`: the recurring job of this name ends.
  case stop(name: String)

  /// The name of the job that it speaks of.
  package var job: String {
    switch self {
    case .run(let manifest): manifest.name
    case .stop(let name): name
    }
  }
}

/// A field that a manifest names, and where.
package struct ManifestField: Sendable {
  /// As the manifest spells it: `given_name`, or `demo.fname` for a group of an ODK form.
  package let name: String
  package let place: JSONCursor

  /// The name in its parts, outermost group first.
  package var path: [String] {
    name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
  }
}

extension [ManifestField] {
  /// Each name once, where it stands first.
  package var uniqued: [ManifestField] {
    var seen: Set<String> = []
    return filter { seen.insert($0.name).inserted }
  }
}
