import Faults
package import JSONText

/// One reading of a manifest, key by key.
struct ManifestReader {
  private var object: JSONObjectCursor
  private let faults = FaultCollector()
  private var parts = ManifestParts()

  /// - Parameter object: with its kind and version taken.
  init(_ object: JSONObjectCursor) { self.object = object }

  mutating func read() -> ManifestReading {
    readRemarks()
    let name = faults.attempt { try JobName.read(object.required("name")) }
    let stops = faults.attempt(object.optional("stop")) { try $0.bool() } ?? false
    let order = stops ? name.map { JobOrder.stop(name: $0) } : readJob(named: name)
    // A job that ends needs its name only; the rest may stand there as it was.
    if stops { for key in ManifestReader.keys { _ = object.optional(key) } }
    faults.note(object.strangers().map { $0 as any Fault })
    let isSound = faults.faults.isEmpty
    return ManifestReading(order: isSound ? order : nil, faults: faults.faults, parts: parts)
  }

  /// The keys of a job that runs.
  private static let keys = [
    "recipient", "input", "schedule", "not_before", "expires", "filter", "g2p_search_domain",
    "everyone", "active_test", "accept_loss", "fields", "g2p_selected_fields", "order", "limit",
    "resend", "mts",
  ]

  private mutating func readRemarks() {
    _ = faults.attempt(object.optional("note")) { try Remark.check($0) }
    _ = faults.attempt(object.optional("$schema")) { cursor in
      guard try cursor.string() == ManifestDecoder.schema else {
        throw cursor.fault(
          "foreign_schema", "this document names another schema than that of a job manifest",
          hint: "leave it out, or write \"\(ManifestDecoder.schema)\"")
      }
    }
  }

  private mutating func readJob(named name: String?) -> JobOrder? {
    parts.recipient = faults.attempt { try object.required("recipient").string() }
    let input = faults.attempt(object.optional("input")) { try InputDecoder.read($0, faults) }
    parts.input = input.flatMap(\.self) ?? .registry
    let times = JobTimes.read(&object, faults)
    let activeTest = faults.attempt(object.optional("active_test")) { try $0.bool() } ?? true
    parts.activeTest = activeTest
    let acceptLoss = faults.attempt(object.optional("accept_loss")) { try FieldList.names($0) }
    let filter = readFilter()
    let fields = readFields()
    parts.order = faults.attempt(object.optional("order")) { try OrderDecoder.read($0) } ?? []
    let limit = faults.attempt(object.optional("limit")) {
      Int(try $0.integer(in: 1...1_000_000_000))
    }
    let resend = faults.attempt(object.optional("resend")) { try ResendDecoder.read($0, faults) }
    let mts = MTSDecoder(input: parts.input, fields: fields, manifest: object.cursor)
      .read(object.optional("mts"), faults)
    parts.outputFormat = mts?.outputFormat
    parts.fields = ((fields ?? []) + (mts?.mapping.fields ?? [])).uniqued
    guard let name, let recipient = parts.recipient, let filter, let fields, let mts else {
      return nil
    }
    return .run(
      Manifest(
        name: name, recipient: recipient, input: parts.input, schedule: times.schedule,
        notBefore: times.notBefore, expires: times.expires, filter: filter.domain,
        filterPlace: filter.place, everyone: filter.everyone, activeTest: activeTest,
        acceptLoss: acceptLoss ?? [], fields: fields, order: parts.order, limit: limit,
        resend: resend.flatMap(\.self) ?? .usual, mts: mts))
  }

  /// `filter`, or `g2p_search_domain` as Odoo stores it; and whether everyone may be meant.
  private mutating func readFilter() -> (domain: Domain, place: JSONCursor, everyone: Bool)? {
    let consent = object.optional("everyone")
    let everyone = faults.attempt(consent) { try $0.bool() } ?? false
    guard let place = readEither("filter", orStored: "g2p_search_domain") else { return nil }
    let reading = DomainParser().readAll(place)
    parts.filter = reading.domain
    faults.note(reading.faults.map { $0 as any Fault })
    guard reading.faults.isEmpty else { return nil }
    let isForegone = reading.domain.foregone == true
    if isForegone, !everyone { faults.note(ManifestDecoder.needsConsent(place)) }
    if let consent, everyone, !isForegone {
      faults.note(
        consent.fault(
          "everyone_contradicts_filter", "\"everyone\" is true, and the filter picks only some",
          hint: "leave out \"everyone\", or empty the filter"))
    }
    return (reading.domain, place, everyone)
  }

  /// `fields`, or `g2p_selected_fields` as Odoo stores it.
  private mutating func readFields() -> [ManifestField]? {
    guard let list = readEither("fields", orStored: "g2p_selected_fields") else { return nil }
    return faults.attempt { try FieldList.read(list, faults) }.flatMap(\.self)
  }

  /// A key of ours, or the text field of Odoo in its place: JSON inside a string.
  private mutating func readEither(_ key: String, orStored stored: String) -> JSONCursor? {
    let (plain, text) = (object.optional(key), object.optional(stored))
    if plain != nil, let text {
      faults.note(
        text.fault(
          "said_twice", "\"\(stored)\" stands beside \"\(key)\"", hint: "keep one of the two"))
    }
    if let plain { return plain }
    guard let text else {
      faults.note(
        object.cursor.fault(
          "missing_key", "the key \"\(key)\" is missing",
          hint: "\"\(stored)\" serves as well: the same as text, as Odoo stores it"))
      return nil
    }
    return faults.attempt { try JSONCursor(inside: text, limits: ManifestDecoder.limits) }
  }
}

/// `note`: for people, read by nobody here. Text or a list of lines.
package enum Remark {
  /// - Throws: `wrong_type`.
  package static func check(_ cursor: JSONCursor) throws(DocumentFault) {
    if case .string = cursor.node.value { return }
    for line in try cursor.array() { _ = try line.string() }
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
