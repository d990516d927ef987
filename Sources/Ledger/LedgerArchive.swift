package import JSONText
package import Secrets

/// What an `archive` entry says: written in the transaction that stages it, before it is visible.
package struct LedgerArchive: Sendable, Hashable {
  package struct Recipient: Sendable, Hashable {
    package let name: String
    /// 64 lower-case hex digits.
    package let fingerprint: String

    package init(name: String, fingerprint: String) {
      self.name = name
      self.fingerprint = fingerprint
    }
  }

  package var stream: String
  package var sequence: Int64
  package var file: String
  package var kind: String
  package var digest: Digest
  package var previous: Digest?
  package var bytes: Int64
  package var records: Int64
  package var job: String
  package var created: UTCTime
  package var fields: [String]
  package var recipients: [Recipient]
  package var snapshot: SaltedDigest?
  package var manifest: SaltedDigest?
  package var policy: SaltedDigest?
  package var keyID: String

  package init(
    stream: String, sequence: Int64, file: String, kind: String, digest: Digest,
    previous: Digest?, bytes: Int64, records: Int64, job: String, created: UTCTime,
    fields: [String], recipients: [Recipient], snapshot: SaltedDigest?, manifest: SaltedDigest?,
    policy: SaltedDigest?, keyID: String
  ) {
    (self.stream, self.sequence, self.file, self.kind) = (stream, sequence, file, kind)
    (self.digest, self.previous, self.bytes, self.records) = (digest, previous, bytes, records)
    (self.job, self.created, self.fields, self.recipients) = (job, created, fields, recipients)
    (self.snapshot, self.manifest, self.policy) = (snapshot, manifest, policy)
    self.keyID = keyID
  }

  /// What the entry's `what` is.
  package var json: JSON {
    let recipients = recipients.map { recipient -> JSON in
      ["name": .string(recipient.name), "fingerprint": .string(recipient.fingerprint)]
    }
    return .object(
      indexed + [
        .init("stream", .string(stream)), .init("fields", .array(fields.map(JSON.string))),
        .init("recipients", .array(recipients)), .init("snapshot", .salted(snapshot)),
        .init("manifest", .salted(manifest)), .init("policy", .salted(policy)),
        .init("key_id", .string(keyID)),
      ])
  }

  /// The members that an index says of an archive.
  package var indexed: [JSON.Member] {
    [
      .init("sequence", .int(sequence)), .init("file", .string(file)),
      .init("kind", .string(kind)), .init("digest", .string(digest.hex)),
      .init("previous", .digest(previous)), .init("bytes", .int(bytes)),
      .init("records", .int(records)), .init("job", .string(job)),
      .init("created", .string(created.text)),
    ]
  }

  /// - Throws: `ledger_format` unless this is a sound `archive` entry.
  package init(_ entry: LedgerEntry) throws(LedgerFault) {
    do {
      guard entry.kind == .archive else {
        throw LedgerFault(.format, "entry \(entry.number) is not about an archive")
      }
      let cursor = try JSONCursor(JSONDocument(parsing: entry.what.canonical()))
      var members = try cursor.object()
      try self.init(&members)
    } catch let fault as LedgerFault {
      throw fault
    } catch {
      throw LedgerFault(.format, "entry \(entry.number): \(error)")
    }
  }

  private init(_ members: inout JSONObjectCursor) throws {
    let counts: ClosedRange<Int64> = 0...(1 << 53)
    self.init(
      stream: try members.required("stream").string(),
      sequence: try members.required("sequence").integer(in: 1...counts.upperBound),
      file: try members.required("file").string(), kind: try members.required("kind").string(),
      digest: try members.digest("digest"), previous: try members.digestOrNull("previous"),
      bytes: try members.required("bytes").integer(in: counts),
      records: try members.required("records").integer(in: counts),
      job: try members.required("job").string(), created: try members.time("created"),
      fields: try members.required("fields").array().map { try $0.string() },
      recipients: try members.required("recipients").array().map(Self.recipient),
      snapshot: try members.saltedOrNull("snapshot"),
      manifest: try members.saltedOrNull("manifest"), policy: try members.saltedOrNull("policy"),
      keyID: try members.required("key_id").string())
  }

  private static func recipient(_ cursor: JSONCursor) throws -> Recipient {
    var members = try cursor.object()
    let recipient = Recipient(
      name: try members.required("name").string(),
      fingerprint: try members.required("fingerprint").string())
    try members.finish()
    return recipient
  }
}

extension JSON {
  fileprivate static func digest(_ digest: Digest?) -> JSON {
    digest.map { .string($0.hex) } ?? .null
  }

  fileprivate static func salted(_ digest: SaltedDigest?) -> JSON {
    digest.map { .string($0.hex) } ?? .null
  }
}
