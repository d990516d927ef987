import JSONText
import Language

/// Reads `policies/site.json` (`"airlock": "policy"`, version 1).
package enum SitePolicyDecoder {
  /// - Throws: `JSONFault`, `DocumentFault`.
  package static func decode(_ text: [UInt8]) throws -> SitePolicy {
    let document = try JSONDocument(parsing: text, limits: JSONLimits(bytes: 4 << 20, depth: 16))
    var block = try JSONCursor(document).object()
    try DocumentKind.require("policy", of: &block)
    var policy = SitePolicy()
    if let types = block.optional("id_types") { policy.idTypes = try idTypes(types) }
    if let mts = block.optional("mts") { policy.values = try values(mts) }
    policy.streams = try streams(block.required("streams"))
    if let trust = block.optional("trust") { policy.trust = try DropTrust(trust) }
    if let intake = block.optional("intake") { policy.intake = try IntakeLimits(intake) }
    if let language = block.optional("language") {
      policy.intake.language = try PolicyNames.language(language)
    }
    if let retention = block.optional("retention") { policy.retention = try Retention(retention) }
    if let patches = block.optional("registry_patch") {
      policy.registryPatches = try SitePolicy.RegistryPatches(patches, besides: policy.streams)
    }
    try block.finish()
    return policy
  }

  private static func idTypes(_ cursor: JSONCursor) throws(DocumentFault) -> SitePolicy.IDTypes {
    var block = try cursor.object()
    var types = SitePolicy.IDTypes()
    if let vid = block.optional("vid") { types.vid = try PolicyNames.name(vid) }
    if let token = block.optional("uin_token") { types.uinToken = try PolicyNames.name(token) }
    if let pattern = block.optional("vid_validation") {
      types.vidValidation = try PolicyNames.name(pattern)
    }
    try block.finish()
    guard types.vid != types.uinToken else {
      throw cursor.fault("same_id_type", "the VID and the UIN token cannot be of one id type")
    }
    return types
  }

  private static func values(_ cursor: JSONCursor) throws(DocumentFault) -> ValueTable {
    var block = try cursor.object()
    let table = try block.optional("values").map { values throws(DocumentFault) in
      try ValueTable(values)
    }
    try block.finish()
    return table ?? ValueTable()
  }

  private static func streams(
    _ cursor: JSONCursor
  ) throws(DocumentFault) -> [String: SitePolicy.Stream] {
    var block = try cursor.object()
    var streams: [String: SitePolicy.Stream] = [:]
    for (name, value) in block.all() {
      guard StreamName.isValid(name) else {
        throw value.fault(
          "bad_name", "a stream's name is 1 to 64 lower-case letters, digits, \"-\" and \"_\"")
      }
      streams[name] = try stream(value)
    }
    return streams
  }

  private static func stream(_ cursor: JSONCursor) throws(DocumentFault) -> SitePolicy.Stream {
    var block = try cursor.object()
    let recipients = try block.required("recipients")
    var stream = SitePolicy.Stream(
      recipients: try PolicyNames.cards(recipients, atLeast: 1),
      fields: try PolicyNames.names(block.required("fields"), atLeast: 1))
    guard stream.recipients.count <= 64 else {
      throw recipients.fault("out_of_range", "a stream has 64 recipients at most")
    }
    let records: ClosedRange<Int64> = 1...1_000_000_000
    stream.recordsPerJob = try block.count("records_per_job", in: records)
    stream.recordsPerDay = try block.count("records_per_day", in: records)
    stream.smallestGroup = try block.count("smallest_group", in: 0...1_000_000) ?? 0
    if let input = block.optional("input") {
      stream.input = Set(try PolicyNames.choices(input, of: SitePolicy.Input.self))
    }
    try block.finish()
    return stream
  }
}

/// Names of streams, cards and policies: they are folders of the outbox, or begin names of files.
package enum StreamName {
  package static func isValid(_ name: String) -> Bool {
    (1...64).contains(name.utf8.count) && name.utf8.first != 0x2D && name.utf8.first != 0x5F
      && name.utf8.allSatisfy { byte in
        (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2D || byte == 0x5F
      }
  }
}
