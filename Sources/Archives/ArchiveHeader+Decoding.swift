internal import JSONText
internal import Keys
internal import Secrets

extension ArchiveHeader {
  /// Reads a header: strict JSON, every key known and there, every value in its form, and the bytes
  /// the only ones that this header has.
  /// - Throws: `header`, `type`.
  init(parsing text: [UInt8]) throws(ArchiveFault) {
    do {
      let limits = JSONLimits(bytes: ArchiveLayout.maxHeader, depth: 4)
      let document = try JSONDocument(parsing: text, limits: limits)
      do { self = try HeaderReader.header(JSONCursor(document)) } catch let fault as ArchiveFault
        where fault.failure == .type && document.root.json.canonical() != text
      {
        // What is not canonical is no header, of whatever kind it says to be.
        throw Self.notCanonical
      }
    } catch let fault as ArchiveFault {
      throw fault
    } catch {
      throw ArchiveFault(.header, "header_format", "the header: \(error)")
    }
    guard json.canonical() == text else {
      throw Self.notCanonical
    }
  }

  private static let notCanonical = ArchiveFault(
    .header, "header_not_canonical", "the header is not written canonically")
}

/// Takes a header's JSON apart.
private enum HeaderReader {
  static func header(_ cursor: JSONCursor) throws -> ArchiveHeader {
    var members = try cursor.object()
    try requireArchive(&members)
    let draft = try draft(&members)
    let sender = try sender(members.required("sender").object())
    let recipients = try recipients(members.required("recipients"))
    let commitment = try commitment(members.required("commitment"))
    let payload = try payloadBytes(members.required("payload_bytes"))
    try members.finish()
    if let objection = draft.objection(of: sender.keyID) {
      throw cursor.fault("header_rules", objection)
    }
    return ArchiveHeader(
      draft: draft, sender: sender, recipients: recipients, commitment: commitment,
      payloadBytes: payload)
  }

  private static func requireArchive(_ members: inout JSONObjectCursor) throws {
    let airlock = try members.required("airlock")
    guard try airlock.string() == "archive" else {
      throw airlock.fault("wrong_kind", "this is not an archive's header")
    }
    let version = try members.required("version")
    guard try version.integer(in: 1...Int64.max) == 2 else {
      throw version.fault("version_unknown", "only version 2 is known")
    }
  }

  private static func draft(_ members: inout JSONObjectCursor) throws -> ArchiveDraft {
    ArchiveDraft(
      kind: try kind(members.required("kind")),
      stream: try label(members.required("stream")),
      sequence: try members.required("sequence").integer(in: ArchiveDraft.sequences),
      previous: try digest(members.required("previous")),
      created: try time(members.required("created")),
      job: try label(members.required("job")),
      fields: try members.required("fields").array().map { try $0.string() },
      records: try members.required("records").integer(in: ArchiveDraft.recordCounts),
      batches: try members.required("batches").integer(in: ArchiveDraft.batchCounts),
      digests: try sources(members.required("digests").object()),
      nextKey: try nextKey(members.required("next_key")))
  }

  private static func kind(_ cursor: JSONCursor) throws -> ArchiveKind {
    guard let kind = ArchiveKind(rawValue: try cursor.string()) else {
      throw ArchiveFault(
        .type, "kind_unknown", "the archive is of a kind that this version does not know",
        hint: "a newer Airlock wrote it")
    }
    return kind
  }

  private static func sources(_ cursor: JSONObjectCursor) throws -> ArchiveDraft.Sources {
    var members = cursor
    let sources = ArchiveDraft.Sources(
      snapshot: try salted(members.required("snapshot")),
      manifest: try salted(members.required("manifest")),
      policy: try salted(members.required("policy")))
    try members.finish()
    return sources
  }

  private static func nextKey(_ cursor: JSONCursor) throws -> NextKey? {
    if case .null = cursor.node.value { return nil }
    var members = try cursor.object()
    let print = try members.required("fingerprint")
    let next = NextKey(
      sealing: try SealingPublicKey(bytes(members.required("sealing"))),
      signing: try SigningPublicKey(bytes(members.required("signing"))),
      from: try time(members.required("from")))
    try members.finish()
    guard try print.string() == next.fingerprint.digest.hex else {
      throw print.fault("other_fingerprint", "this is not the fingerprint of these keys")
    }
    return next
  }

  private static func sender(_ cursor: JSONObjectCursor) throws -> ArchiveHeader.Sender {
    var members = cursor
    let name = try KeyName(members.required("name").string())
    let id = try members.required("key_id")
    guard let keyID = SigningKeyID(hex: try id.string()) else {
      throw id.fault("bad_key_id", "this is not a key id")
    }
    try members.finish()
    return ArchiveHeader.Sender(name: name, keyID: keyID)
  }

  private static func recipients(_ cursor: JSONCursor) throws -> [ArchiveHeader.Recipient] {
    let list = try cursor.array()
    guard (1...ArchiveHeader.maxRecipients).contains(list.count) else {
      throw cursor.fault(
        "recipient_count", "there must be 1 to \(ArchiveHeader.maxRecipients) recipients")
    }
    let recipients = try list.map { try recipient($0.object()) }
    guard Set(recipients.map(\.fingerprint)).count == recipients.count else {
      throw cursor.fault("recipient_twice", "a recipient is named twice")
    }
    return recipients
  }

  private static func recipient(_ cursor: JSONObjectCursor) throws -> ArchiveHeader.Recipient {
    var members = cursor
    let name = try KeyName(members.required("name").string())
    let print = try members.required("fingerprint")
    guard let digest = Digest(hex: try print.string()) else { throw malformed(print) }
    let key = try members.required("key")
    let sealed = try bytes(key)
    guard sealed.count == ArchiveHeader.Recipient.sealedCount else { throw malformed(key) }
    try members.finish()
    return ArchiveHeader.Recipient(
      name: name, fingerprint: Fingerprint(digest), sealedKey: sealed)
  }

  private static func commitment(_ cursor: JSONCursor) throws -> KeyCommitment {
    guard let digest = Digest(hex: try cursor.string()) else { throw malformed(cursor) }
    return KeyCommitment(digest)
  }

  private static func payloadBytes(_ cursor: JSONCursor) throws -> Int64 {
    let count = try cursor.integer(in: SizeClass.least...ArchiveLayout.maxPayload)
    guard SizeClass.of(count) == count else {
      throw cursor.fault("no_size_class", "no payload has this length")
    }
    return count
  }

  private static func label(_ cursor: JSONCursor) throws -> ArchiveLabel {
    guard let label = ArchiveLabel(try cursor.string()) else { throw malformed(cursor) }
    return label
  }

  private static func time(_ cursor: JSONCursor) throws -> UTCTime {
    guard let time = UTCTime(text: try cursor.string()) else { throw malformed(cursor) }
    return time
  }

  private static func bytes(_ cursor: JSONCursor) throws -> [UInt8] {
    guard let bytes = Base64.decode(try cursor.string()) else { throw malformed(cursor) }
    return bytes
  }

  private static func digest(_ cursor: JSONCursor) throws -> Digest? {
    if case .null = cursor.node.value { return nil }
    guard let digest = Digest(hex: try cursor.string()) else { throw malformed(cursor) }
    return digest
  }

  private static func salted(_ cursor: JSONCursor) throws -> SaltedDigest? {
    if case .null = cursor.node.value { return nil }
    guard let digest = SaltedDigest(hex: try cursor.string()) else { throw malformed(cursor) }
    return digest
  }

  private static func malformed(_ cursor: JSONCursor) -> DocumentFault {
    cursor.fault("malformed", "this has not the form that it must have")
  }
}
