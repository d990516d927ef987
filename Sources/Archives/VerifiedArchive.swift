internal import Files
package import Keys
package import Secrets

/// An archive that its sender signed as it is. Its payload is still sealed.
package final class VerifiedArchive {
  package let header: ArchiveHeader
  /// BLAKE2b-256 of the file.
  package let digest: Digest
  package let size: Int64
  package let sender: Card
  package let warnings: [String]

  let file: OpenFile
  let layout: ArchiveLayout
  let preamble: [UInt8]
  let prehash: Prehash

  init(_ archive: UnverifiedArchive, _ hashed: HashedArchive, sender: Card) {
    header = archive.header
    digest = hashed.digest
    size = archive.size
    self.sender = sender
    warnings = archive.warnings
    file = archive.file
    layout = archive.layout
    preamble = archive.preamble
    prehash = hashed.prehash
  }

  /// - Throws: `type` unless the archive is of this kind.
  package func require(_ kind: ArchiveKind, hint: String? = nil) throws(ArchiveFault) {
    guard header.kind == kind else {
      throw ArchiveFault(
        .type, "kind_unexpected",
        "the archive is a \(header.kind.rawValue), where a \(kind.rawValue) is expected",
        hint: hint)
    }
  }

  /// Begins to decrypt the payload: the bytes that were signed, or none.
  /// - Throws: `no_matching_key`, `FileFault`.
  package func payload(for identity: Identity) throws -> PayloadReader {
    try PayloadReader(self, key: fileKey(identity))
  }

  /// Whether it is sealed to these keys. The names beside the fingerprints are the sender's words.
  package func isSealed(to card: Card) -> Bool {
    header.recipients.contains { $0.fingerprint == card.fingerprint }
  }

  /// - Throws: `no_matching_key` unless the archive is for these keys.
  package func requireRecipient(_ identity: Identity) throws(ArchiveFault) {
    guard isSealed(to: identity.card) else { throw notForUs(identity) }
  }

  private func notForUs(_ identity: Identity) -> ArchiveFault {
    let names = header.recipients.map(\.name.text).joined(separator: ", ")
    return ArchiveFault(
      .noMatchingKey, "not_a_recipient",
      "the archive is not for \(identity.name) (these keys), but for \(names)")
  }

  private func fileKey(_ identity: Identity) throws -> SecretBytes {
    let fingerprint = identity.card.fingerprint
    guard let recipient = header.recipients.first(where: { $0.fingerprint == fingerprint }) else {
      throw notForUs(identity)
    }
    do {
      let key = try identity.sealing.open(recipient.sealedKey)
      guard try header.commitment.isOf(key) else { throw VerifiedArchive.otherKey }
      return key
    } catch let fault as SecretsFault where fault.kind == .sealedKeyRefused {
      throw ArchiveFault(.noMatchingKey, fault.code, fault.message)
    }
  }

  private static let otherKey = ArchiveFault(
    .noMatchingKey, "key_not_committed",
    "the file key that is sealed to these keys is not the one that the header commits to",
    hint: "telephone the sender: whoever made this may have made it to say other things to others")
}
