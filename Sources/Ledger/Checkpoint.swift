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

  /// Makes and signs one. Throws `SecretsFault`.
  package static func document(
    _ head: LedgerHead, at: UTCTime, signer: Identity
  ) throws -> SignedDocument {
    try SignedDocument(
      .checkpoint,
      [
        .init("entries", .int(head.entries)), .init("head", .string(head.hash.hex)),
        .init("at", .string(at.text)),
      ], signer: signer)
  }

  /// - Throws: `checkpoint_format`.
  package init(_ document: SignedDocument) throws(LedgerFault) {
    try self.init(document.kind, document.json)
  }

  /// What a checkpoint says whose signature nobody checked.
  init(unchecked document: UnverifiedDocument) throws(LedgerFault) {
    try self.init(document.kind, document.json)
  }

  private init(_ kind: SignedDocument.Kind, _ json: JSON) throws(LedgerFault) {
    do {
      guard kind == .checkpoint else {
        throw LedgerFault(.checkpointFormat, "this is no checkpoint")
      }
      var members = try JSONCursor(JSONDocument(parsing: json.canonical())).object()
      for known in ["airlock", "version"] { _ = members.optional(known) }
      var from = try members.required("sender").object()
      sender = try KeyName(from.required("name").string())
      let id = try from.required("key_id")
      guard let keyID = SigningKeyID(hex: try id.string()) else {
        throw id.fault("bad_key_id", "this is not a key id")
      }
      self.keyID = keyID
      try from.finish()
      head = LedgerHead(
        entries: try members.required("entries").integer(in: 1...Int64.max),
        hash: try members.digest("head"))
      at = try members.time("at")
      try members.finish()
    } catch let fault as LedgerFault {
      throw fault
    } catch {
      throw LedgerFault(.checkpointFormat, "the checkpoint: \(error)")
    }
  }
}
