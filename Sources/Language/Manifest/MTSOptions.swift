package import JSONText

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
  /// What values of the registry's are for the MTS.
  package var values = ValueTable()
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

  /// Every field that makes a key, the VID's among them.
  package var fields: [ManifestField] {
    MTSKey.allCases.flatMap { self[$0] } + [vid].compactMap(\.self)
  }

  /// The fields of one key; empty if it is not sent.
  package subscript(key: MTSKey) -> [ManifestField] { sources[key] ?? [] }
}
