package import JSONText

/// Reads a manifest (`"airlock": "job"`, version 1). Says where each fault is; a key that is not
/// known is a fault.
package enum ManifestDecoder {
  /// - Throws: `DocumentFault` for the document's shape, `DomainFault` for the filter's.
  package static func decode(_ document: JSONDocument) throws -> Manifest {
    var manifest = try JSONCursor(document).object()
    try DocumentKind.require("job", of: &manifest)
    let name = try JobName.read(manifest.required("name"))
    let recipient = try manifest.required("recipient").string()
    try readInput(manifest.optional("input"))
    let filterCursor = try manifest.required("filter")
    let filter = try DomainParser().parse(filterCursor)
    let everyone = try requireConsent(manifest.optional("everyone"), to: filter, at: filterCursor)
    let fields = try readFields(manifest.required("fields"))
    let decoded = Manifest(
      name: name, recipient: recipient, input: .registry, schedule: .onetime, notBefore: nil,
      expires: nil, filter: filter, filterPlace: filterCursor,
      everyone: everyone,
      activeTest: try manifest.optional("active_test")?.bool() ?? true,
      fields: fields, order: [],
      limit: try manifest.optional("limit").map { Int(try $0.integer(in: 1...1_000_000_000)) },
      resend: .usual,
      mts: try MTSDecoder.read(manifest.optional("mts"), fields: fields, manifest: manifest.cursor))
    try manifest.finish()
    return decoded
  }

  /// A manifest, or the word that a job of that name ends.
  package static func order(_ document: JSONDocument) throws -> JobOrder {
    .run(try decode(document))
  }

  private static func readInput(_ cursor: JSONCursor?) throws(DocumentFault) {
    guard let cursor else { return }
    var input = try cursor.object()
    let type = try input.required("type")
    guard try type.string() == "registry" else {
      throw type.fault(
        "unknown_input", "the input is not one that this version reads", hint: "use \"registry\"")
    }
    try input.finish()
  }

  /// A filter that picks everyone needs `"everyone": true` beside it, so that nobody sends a whole
  /// registry by leaving a list empty.
  private static func requireConsent(
    _ consent: JSONCursor?, to filter: Domain, at cursor: JSONCursor
  ) throws(DocumentFault) -> Bool {
    let everyone = try consent?.bool() ?? false
    if filter.foregone == true, !everyone { throw needsConsent(cursor) }
    if let consent, everyone, filter.foregone != true {
      throw consent.fault(
        "everyone_contradicts_filter", "\"everyone\" is true, and the filter picks only some",
        hint: "leave out \"everyone\", or empty the filter")
    }
    return everyone
  }

  /// The fault of a filter that picks everyone without the operator's word.
  package static func needsConsent(_ filter: JSONCursor) -> DocumentFault {
    filter.fault(
      "everyone_needs_consent", "this filter picks every registrant",
      hint: "if that is meant, add \"everyone\": true to the manifest")
  }

  private static func readFields(_ cursor: JSONCursor) throws(DocumentFault) -> [ManifestField] {
    let items = try cursor.array()
    guard !items.isEmpty else {
      throw cursor.fault("no_fields", "no fields are named, so there is nothing to send")
    }
    guard items.count <= 200 else { throw cursor.fault("out_of_range", "more than 200 fields") }
    var seen: Set<String> = []
    return try items.map { item throws(DocumentFault) in
      let name = try item.string()
      guard seen.insert(name).inserted else {
        throw item.fault("duplicate_field", "this field is named twice")
      }
      return ManifestField(name: name, place: item)
    }
  }
}

/// The head of every document of ours: `"airlock": KIND, "version": 1`.
package enum DocumentKind {
  /// - Throws: `wrong_kind`, `unknown_version`.
  package static func require(
    _ kind: String, of document: inout JSONObjectCursor
  ) throws(DocumentFault) {
    let found = try document.required("airlock")
    guard try found.string() == kind else {
      throw found.fault("wrong_kind", "this document is not of the kind \"\(kind)\"")
    }
    let version = try document.required("version")
    guard try version.integer(in: 0...Int64.max) == 1 else {
      throw version.fault(
        "unknown_version", "this program reads version 1 of \"\(kind)\" documents",
        hint: "a newer version may be needed here")
    }
  }
}

/// Names of jobs: they become parts of file names.
enum JobName {
  static func read(_ cursor: JSONCursor) throws(DocumentFault) -> String {
    let name = try cursor.string()
    let allowed = name.utf8.allSatisfy { byte in
      (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2D || byte == 0x5F
    }
    guard allowed, (1...64).contains(name.utf8.count), name.utf8.first != 0x2D,
      name.utf8.first != 0x5F
    else {
      throw cursor.fault(
        "bad_name",
        "a job's name is 1 to 64 lower-case letters, digits, \"-\" and \"_\", a letter or digit first"
      )
    }
    return name
  }
}
