internal import JSONText
package import Secrets

/// One archive of a stream, named so that it can be no other.
package struct ArchiveReference: Sendable, Hashable {
  package let stream: ArchiveLabel
  package let sequence: Int64
  package let digest: Digest

  package init(stream: ArchiveLabel, sequence: Int64, digest: Digest) {
    self.stream = stream
    self.sequence = sequence
    self.digest = digest
  }
}

extension ArchiveContent {
  /// `manifest.json` must be in its one form, at most 1 MiB, and say `"airlock": KIND`; what else of the header it repeats must agree; that
  /// of results says which archive they answer.
  /// - Throws: `payload`.
  mutating func check(manifest text: [UInt8]) throws(ArchiveFault) {
    guard let json = ArchiveManifest.parse(text) else {
      throw ArchiveContent.differs("manifest.json is not a JSON object in canonical form")
    }
    guard json["airlock"]?.text == header.kind.rawValue else {
      throw ArchiveContent.differs("manifest.json is not that of a \(header.kind.rawValue)")
    }
    try checkRepeated(json)
    promisedDrop = json["file"]?.text
    salt = json["salt"]?.text.flatMap { DigestSalt(hex: $0) }
    guard salt != nil || !header.kind.isDrop else {
      throw ArchiveContent.differs("manifest.json has no salt for the digest of the file inside")
    }
    if header.kind == .mtsResults {
      answers = try ArchiveContent.reference(json["answers"])
    }
  }

  /// - Throws: `payload` for one that is too long to be kept in memory.
  func requireManifest(_ size: Int64) throws(ArchiveFault) {
    guard size <= Int64(ArchiveManifest.limit) else {
      throw ArchiveContent.differs("manifest.json has more than \(ArchiveManifest.limit) bytes")
    }
  }

  private func checkRepeated(_ json: JSON) throws(ArchiveFault) {
    let draft = header.draft
    let repeated: [(String, JSON)] = [
      ("stream", .string(draft.stream.text)), ("sequence", .int(draft.sequence)),
      ("job", .string(draft.job.text)), ("records", .int(draft.records)),
      ("batches", .int(draft.batches)),
    ]
    for (key, value) in repeated {
      guard let said = json[key], said != value else { continue }
      throw ArchiveContent.differs("manifest.json and the header differ in \"\(key)\"")
    }
  }

  /// `{"stream": …, "sequence": …, "digest": …}`, and nothing else.
  private static func reference(_ json: JSON?) throws(ArchiveFault) -> ArchiveReference {
    guard case .object(let members) = json, members.count == 3,
      let stream = json?["stream"]?.text.flatMap({ ArchiveLabel($0) }),
      let sequence = json?["sequence"]?.integer, ArchiveDraft.sequences.contains(sequence),
      let digest = json?["digest"]?.text.flatMap({ Digest(hex: $0) })
    else { throw differs("manifest.json does not say which archive the results answer") }
    return ArchiveReference(stream: stream, sequence: sequence, digest: digest)
  }
}
