package import JSONText
package import Keys
package import Secrets

/// A site's signed word for how far its ledger goes. Who keeps one can tell later whether the ledger
/// still says what it said then.
package struct Checkpoint: Sendable, Hashable {
  package let head: LedgerHead
  package let at: UTCTime
  package let sender: KeyName
  package let keyID: SigningKeyID

  package init(_ head: LedgerHead, at: UTCTime, by signer: Identity) {
    (self.head, self.at) = (head, at)
    (sender, keyID) = (signer.name, signer.signing.publicKey.id)
  }

  /// Makes and signs one. Throws `SecretsFault`.
  package static func document(
    _ head: LedgerHead, at: UTCTime, signer: Identity
  ) throws -> SignedDocument {
    let checkpoint = Checkpoint(head, at: at, by: signer)
    return try SignedDocument(.checkpoint, checkpoint.members, signer: signer)
  }
}

extension Checkpoint: SignedContent {
  package static let kind = SignedDocument.Kind.checkpoint
  package static let mostBytes = 64 << 10

  package var members: [JSON.Member] {
    [
      .init("entries", .int(head.entries)), .init("head", .string(head.hash.hex)),
      .init("at", .string(at.text)),
    ]
  }

  package init(by sender: DocumentSender, _ members: inout JSONObjectCursor) throws {
    (self.sender, keyID) = (sender.name, sender.keyID)
    head = LedgerHead(
      entries: try members.required("entries").integer(in: 1...Int64.max),
      hash: try members.digest("head"))
    at = try members.time("at")
  }

  package func mayBeNamed(_ file: String) -> Bool { file == "CHECKPOINT.json" }
}
