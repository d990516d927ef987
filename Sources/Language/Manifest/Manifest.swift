package import JSONText

/// What a job manifest asks for: who (`filter`), what of them (`fields`), for whom (`recipient`),
/// and in which words of the MTS (`mts`).
package struct Manifest: Sendable {
  /// The job's name: lower-case letters, digits, `-` and `_`; it begins the archive's name.
  package let name: String
  /// The stream of the site policy that the archive goes out on.
  package let recipient: String
  package let filter: Domain
  /// Where the filter stands, for messages about the whole of it.
  package let filterPlace: JSONCursor
  /// The operator's word that everyone is meant.
  package let everyone: Bool
  /// Whether archived registrants are left out unless the filter names `active`; Odoo's default.
  package let activeTest: Bool
  /// The registry fields to send, in the manifest's order.
  package let fields: [ManifestField]
  /// The most registrants to match, in ascending id; nil is all of them.
  package let limit: Int?
  package let mts: MTSOptions
}

/// A field that a manifest names, and where.
package struct ManifestField: Sendable {
  package let name: String
  package let place: JSONCursor
}

/// The `mts` block: how a batch is put to the MOSIP Token Seeder.
package struct MTSOptions: Sendable {
  /// The form that the MTS is to give its result in.
  package enum Output: String, Sendable, CaseIterable {
    case json, csv
  }

  package var mapping: Mapping
  package var output: Output
  /// A language code of three letters; the MTS tags names and addresses with it.
  package var lang: String
  /// Records of one request: 1,000 unless the manifest says otherwise, 5,000 at most.
  package var batchSize: Int
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

  /// The fields of one key; empty if it is not sent.
  package subscript(key: MTSKey) -> [ManifestField] { sources[key] ?? [] }
}
