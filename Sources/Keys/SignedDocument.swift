package import Files
package import JSONText
package import Secrets

/// What one party tells others in the open, under its signature: an index, a checkpoint of the
/// ledger, a receipt, a rotation, a list of revoked keys. `NAME` is canonical JSON and a newline,
/// `NAME.minisig` its signature in minisign's form, so that the stock tool verifies it too.
///
/// The kind stands in the JSON and in the signature's comment, `airlock KIND sender=NAME`: none
/// passes for another, nor for an archive. Never personal data.
package struct SignedDocument: Sendable {
  package enum Kind: String, Sendable, CaseIterable {
    case index, checkpoint, receipt, rotation, revocations, certificate
  }

  package let kind: Kind
  package let sender: KeyName
  /// The whole document.
  package let json: JSON
  /// What stands in the file.
  package let text: [UInt8]
  /// What stands in the file of its signature.
  package let signature: String

  package static let signatureEnding = ".minisig"
  /// Levels of the deepest document.
  static let depth = 8

  /// Signs a document.
  /// - Parameter members: what the kind has beside `airlock`, `version` and `sender`.
  /// - Throws: `SecretsFault`.
  package init(_ kind: Kind, _ members: [JSON.Member], signer: Identity) throws {
    self.kind = kind
    sender = signer.name
    let key = DocumentSender(name: signer.name, keyID: signer.signing.publicKey.id)
    json = SignedDocument.json(kind, by: key, members)
    text = json.canonical() + [0x0A]
    signature = try MinisignSignature(
      of: Prehash(of: text), by: signer.signing,
      trustedComment: SignedDocument.comment(kind, sender)
    ).text
  }

  init(verified document: UnverifiedDocument) {
    (kind, sender) = (document.kind, document.senderName)
    (json, text) = (document.json, document.text)
    signature = document.signature.text
  }

  /// Writes both files, each whole or not at all, the signature first. Who reads between the two
  /// sees a signature that does not fit yet, and reads again.
  package func publish(as name: EntryName, in folder: Folder, mode: UInt32 = 0o644) throws {
    let document = try StagedFile(name, in: folder, mode: mode)
    try document.write(text)
    try document.seal()
    try AtomicFile.write(
      signature, as: name.appending(SignedDocument.signatureEnding), in: folder, mode: mode,
      replacing: true)
    try document.commit(replacing: true)
  }

  /// The whole of a document.
  static func json(_ kind: Kind, by sender: DocumentSender, _ members: [JSON.Member]) -> JSON {
    .object(
      [
        .init("airlock", .string(kind.rawValue)), .init("version", 1),
        .init(
          "sender", ["name": .string(sender.name.text), "key_id": .string(sender.keyID.hex)]),
      ] + members)
  }

  static func comment(_ kind: Kind, _ sender: KeyName) -> String {
    "airlock \(kind.rawValue) sender=\(sender)"
  }
}

/// A signed document of sound form. Who made it is not known: believe no word of it.
package struct UnverifiedDocument: Sendable {
  package let kind: SignedDocument.Kind
  package let json: JSON
  package let senderName: KeyName
  package let senderKeyID: SigningKeyID
  let text: [UInt8]
  let signature: MinisignSignature

  /// - Parameters:
  ///   - text: of the document.
  ///   - signature: what stands in the file beside it.
  /// - Throws: `document_format`, also for what is not written canonically, or is of another kind.
  package init(
    _ text: [UInt8], signature: [UInt8], kind: SignedDocument.Kind
  ) throws(KeysFault) {
    do {
      let limits = JSONLimits(bytes: text.count, depth: SignedDocument.depth)
      let document = try JSONDocument(parsing: Array(text.dropLast()), limits: limits)
      json = document.root.json
      self.signature = try MinisignSignature(parsing: signature)
      var members = try JSONCursor(document).object()
      let sender = try DocumentSender(members.required("sender"))
      (senderName, senderKeyID) = (sender.name, sender.keyID)
    } catch {
      throw KeysFault(.documentFormat, "the document: \(error)")
    }
    guard json["airlock"]?.text == kind.rawValue, json["version"]?.integer == 1 else {
      throw KeysFault(.documentFormat, "this is not \"airlock\": \"\(kind.rawValue)\", version 1")
    }
    guard json.canonical() + [0x0A] == text else {
      throw KeysFault(.documentFormat, "the document is not written canonically")
    }
    self.kind = kind
    self.text = text
  }

  /// Reads both files, never through a link.
  /// - Throws: `document_format`, `signature_missing`, `FileFault`.
  package init(
    _ name: EntryName, in folder: Folder, kind: SignedDocument.Kind, limit: Int64 = 64 << 20
  ) throws {
    let text = try OpenFile(name, in: folder, rules: .drop(limit: limit)).readAll()
    let beside = try name.appending(SignedDocument.signatureEnding)
    guard try folder.exists(beside) else {
      throw KeysFault(.signatureMissing, "\(name) has no signature beside it")
    }
    let rules = OpenRules.drop(limit: Int64(Minisign.maxBytes))
    try self.init(
      text, signature: OpenFile(beside, in: folder, rules: rules).readAll(), kind: kind)
  }

  /// - Parameter cards: whose signatures count.
  /// - Throws: `unknown_sender`, `signature_refused`.
  package func verified(byOneOf cards: [Card]) throws(KeysFault) -> SignedDocument {
    guard
      let card = cards.first(where: { $0.keyID == senderKeyID && $0.name == senderName })
    else {
      throw KeysFault(
        .unknownSender, "there is no card of \(senderName), key \(senderKeyID)",
        hint: "ask \(senderName) for the card, compare its fingerprint, and `airlock keys add` it")
    }
    do { try signature.verify(Prehash(of: text), by: card.signing) } catch {
      throw KeysFault(
        .signatureRefused, "the document was altered, or \(card.name) did not sign it")
    }
    guard signature.trustedComment == SignedDocument.comment(kind, senderName) else {
      throw KeysFault(.signatureRefused, "the signature's comment is not that of this document")
    }
    return SignedDocument(verified: self)
  }
}
