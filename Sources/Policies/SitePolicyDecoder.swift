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
    policy.streams = try streams(block.required("streams"))
    if let intake = block.optional("intake") { policy.intake = try limits(intake) }
    try block.finish()
    return policy
  }

  private static func idTypes(_ cursor: JSONCursor) throws(DocumentFault) -> SitePolicy.IDTypes {
    var block = try cursor.object()
    var types = SitePolicy.IDTypes()
    if let vid = block.optional("vid") { types.vid = try name(vid) }
    if let token = block.optional("uin_token") { types.uinToken = try name(token) }
    try block.finish()
    guard types.vid != types.uinToken else {
      throw cursor.fault("same_id_type", "the VID and the UIN token cannot be of one id type")
    }
    return types
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
    let stream = SitePolicy.Stream(
      recipients: try names(recipients),
      fields: try names(block.required("fields")),
      recordsPerJob: try block.optional("records_per_job").map { bound throws(DocumentFault) in
        Int(try bound.integer(in: 1...1_000_000_000))
      })
    try block.finish()
    guard stream.recipients.allSatisfy(StreamName.isValid), stream.recipients.count <= 64 else {
      throw recipients.fault("bad_name", "recipients are names of cards, 64 at most")
    }
    return stream
  }

  private static func limits(_ cursor: JSONCursor) throws(DocumentFault) -> IntakeLimits {
    var block = try cursor.object()
    var limits = IntakeLimits()
    func number(_ key: String, _ range: ClosedRange<Int64>, _ usual: Int64) throws(DocumentFault)
      -> Int64
    {
      try block.optional(key)?.integer(in: range) ?? usual
    }
    limits.quietMilliseconds = Int(
      try number("quiet_milliseconds", 0...3_600_000, Int64(limits.quietMilliseconds)))
    limits.bytes = try number("bytes", 1...(1 << 44), limits.bytes)
    limits.expandedBytes = try number("expanded_bytes", 1...(1 << 46), limits.expandedBytes)
    limits.entries = Int(try number("entries", 1...100_000, Int64(limits.entries)))
    limits.manifestBytes = try number("manifest_bytes", 1...(64 << 20), limits.manifestBytes)
    limits.freeBytes = try number("free_bytes", 0...(1 << 44), limits.freeBytes)
    try block.finish()
    return limits
  }

  /// A list of one or more names, none twice.
  private static func names(_ cursor: JSONCursor) throws(DocumentFault) -> [String] {
    let items = try cursor.array()
    guard (1...1000).contains(items.count) else {
      throw cursor.fault("out_of_range", "from 1 to 1,000 names belong here")
    }
    var names: [String] = []
    for item in items {
      let name = try name(item)
      guard !names.contains(name) else { throw item.fault("duplicate", "this name stands twice") }
      names.append(name)
    }
    return names
  }

  private static func name(_ cursor: JSONCursor) throws(DocumentFault) -> String {
    let name = try cursor.string()
    guard !name.isEmpty, name.utf8.count <= 255 else {
      throw cursor.fault("bad_name", "a name of 1 to 255 bytes belongs here")
    }
    return name
  }
}

/// Names of streams: they are folders of the outbox.
enum StreamName {
  static func isValid(_ name: String) -> Bool {
    (1...64).contains(name.utf8.count) && name.utf8.first != 0x2D && name.utf8.first != 0x5F
      && name.utf8.allSatisfy { byte in
        (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2D || byte == 0x5F
      }
  }
}
