package import Language
import Store

/// Where each key of a record that the MTS gets comes from: indices into the selection's fields.
package struct RecordLayout: Sendable {
  /// A key of the MTS's own: the parts that are not blank, joined.
  package struct Mapped: Sendable {
    package let key: MTSKey
    package let parts: [Int]
  }

  /// A selected field that is sent under its own name.
  package struct Extra: Sendable {
    package let name: String
    package let index: Int
  }

  /// In the order in which the MTS checks them.
  package let mapped: [Mapped]
  package let extras: [Extra]
  /// Selected fields whose name is an MTS key made from other fields.
  let shadowed: [ManifestField]

  init(_ manifest: Manifest, fields: [SelectedField]) {
    let index = Dictionary(fields.enumerated().map { ($1.name, $0) }) { first, _ in first }
    let mapping = manifest.mts.mapping
    mapped = MTSKey.allCases.compactMap { key in
      let parts = mapping[key].compactMap { index[$0.name] }
      return parts.isEmpty ? nil : Mapped(key: key, parts: parts)
    }
    let consumed = Set(mapping.fields.map(\.name))
    let left = manifest.fields.filter { !consumed.contains($0.name) }
    let taken = Set(MTSKey.allCases.map(\.rawValue) + ["vid"])
    extras = left.filter { !taken.contains($0.name) }.compactMap { field in
      index[field.name].map { Extra(name: field.name, index: $0) }
    }
    shadowed = left.filter { taken.contains($0.name) }
  }
}

/// Why a registrant is left out: the MTS would refuse the record, or it would be a danger to send.
/// In the order in which they are looked for, which is the MTS's own; only the first is reported.
package enum LeftOut: UInt8, Sendable, CaseIterable {
  case noVID, sharedVID, noName, noGender, noBirthDate, noAddress
  /// Sent before, and not answered yet: looked for first of all.
  case pending
  /// The VID holds white space, or characters that nobody sees or that look like others; or a
  /// spreadsheet made another number of it.
  case oddVID
  /// The registry's own rule (`id_validation`), or the site's, refuses the VID.
  case invalidVID

  /// Its name in `rejects.ndjson` and in the verdict.
  package var code: String {
    switch self {
    case .noVID: "no_vid"
    case .sharedVID: "shared_vid"
    case .noName: "no_name"
    case .noGender: "no_gender"
    case .noBirthDate: "no_dob"
    case .noAddress: "no_address"
    case .pending: "pending"
    case .oddVID: "odd_vid"
    case .invalidVID: "invalid_vid"
    }
  }

  /// For a required key that came out blank.
  init?(missing key: MTSKey) {
    switch key {
    case .name: self = .noName
    case .gender: self = .noGender
    case .dob: self = .noBirthDate
    case .fullAddress: self = .noAddress
    case .phoneNumber, .emailId: return nil
    }
  }
}
