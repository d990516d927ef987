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
  /// The operator's word that everyone is meant.
  package let everyone: Bool
  /// Whether archived registrants are left out unless the filter names `active`; Odoo's default.
  package let activeTest: Bool
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
}

/// `input`: where the records come from.
package enum JobInput: Sendable, Equatable {
  case registry
  case odk(SubmissionWindow)

  package var isODK: Bool { self != .registry }
}

/// Submissions received in `from ..< to`; nil is without a bound.
package struct SubmissionWindow: Sendable, Equatable {
  package let from: UTCTime?
  /// The first second that is not in it.
  package let to: UTCTime?

  package init(from: UTCTime?, to: UTCTime?) {
    self.from = from
    self.to = to
  }
}

/// `schedule`: once, or again and again.
package enum JobSchedule: Sendable, Equatable {
  case onetime
  case recurring(Recurrence)
}

/// A run at `start` and every `minutes` after it, the last one before `end`.
package struct Recurrence: Sendable, Equatable {
  /// From 1 to 525,600 (a year).
  package let minutes: Int
  /// Nil is when the manifest is taken in.
  package let start: UTCTime?
  package let end: UTCTime?

  package init(minutes: Int, start: UTCTime?, end: UTCTime?) {
    self.minutes = minutes
    self.start = start
    self.end = end
  }
}

/// `resend`: what becomes of a registrant whose VID was sent before.
package struct ResendRule: Sendable, Equatable {
  package enum Kind: String, Sendable, CaseIterable {
    /// Sent whenever the filter picks them, as upstream does.
    case always
    /// Left out while their VID is with the MTS, unanswered and sent less than `afterHours` ago.
    case pending
  }

  package let kind: Kind
  /// From 1 to 8,784 (366 days).
  package let afterHours: Int

  package static let usual = ResendRule(kind: .pending, afterHours: 720)

  package init(kind: Kind, afterHours: Int) {
    self.kind = kind
    self.afterHours = afterHours
  }
}

/// One part of `order`: a stored field of the registrant's own, and its direction.
package struct OrderTerm: Sendable {
  package let field: String
  package let isDescending: Bool
  /// Where `order` stands.
  package let place: JSONCursor
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

/// The `mts` block: how a batch is put to the MOSIP Token Seeder.
package struct MTSOptions: Sendable {
  /// The form that the MTS is to give its result in.
  package enum Output: String, Sendable, CaseIterable {
    case json, csv
  }

  package var mapping: Mapping
  package var output: Output
  /// A jq expression that the MTS makes its result with (1.1; 1.0.1 ignores it); never run here.
  package var outputFormat: OutputFormat?
  /// A language code of three letters; the MTS tags names and addresses with it.
  package var lang: String
  /// Records of one request: 1,000 unless the manifest says otherwise, 5,000 at most.
  package var batchSize: Int
}

/// `mts.output_format`, and where it stands.
package struct OutputFormat: Sendable {
  package let expression: String
  package let place: JSONCursor
}

/// A key of the MTS's own record, in the order that the MTS checks them.
package enum MTSKey: String, Sendable, CaseIterable {
  case name, gender, dob, phoneNumber, emailId, fullAddress

  /// The keys without which the MTS refuses a record.
  package var isRequired: Bool { self != .phoneNumber && self != .emailId }
  /// The keys that the MTS wants as a list of parts.
  package var isList: Bool { self == .name || self == .fullAddress }
  /// What stands between parts that we join.
  package var joint: String { self == .fullAddress ? ", " : " " }

  /// The fields of `res.partner` that serve where the manifest's mapping says nothing.
  package var usualFields: [String] {
    switch self {
    case .name: ["given_name", "addl_name", "family_name"]
    case .gender: ["gender"]
    case .dob: ["birthdate"]
    case .phoneNumber: ["phone"]
    case .emailId: ["email"]
    case .fullAddress: ["address"]
    }
  }
}

/// Which registry fields make each MTS key.
package struct Mapping: Sendable {
  package var sources: [MTSKey: [ManifestField]]
  /// For ODK: the field of a submission that holds the VID; nil for a registry, whose reg ids do.
  package var vid: ManifestField?

  /// The fields of one key; empty if it is not sent.
  package subscript(key: MTSKey) -> [ManifestField] { sources[key] ?? [] }
}
