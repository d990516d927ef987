internal import Files
package import JSONText
internal import Secrets

/// A party's word, signed by its key in force, that another key is to take its place. From `from` on
/// both sign; others seal to the new one. At `until` the old one ends.
package struct Rotation: Sendable, Hashable {
  /// The fingerprint of the key whose place is taken.
  package let old: Fingerprint
  /// The next card, signed by its own key.
  package let next: Card
  package let at: UTCTime
  package let from: UTCTime
  package let until: UTCTime

  package init(old: Fingerprint, next: Card, at: UTCTime, from: UTCTime, until: UTCTime) {
    self.old = old
    self.next = next
    self.at = at
    self.from = from
    self.until = until
  }

  func signed(by identity: Identity) throws -> SignedDocument {
    try SignedDocument(.rotation, members, signer: identity)
  }

  /// - Parameter old: the card whose signature the document has.
  /// - Throws: `rotation_refused` for what says other things than a rotation may.
  static func filed(_ document: SignedDocument, by old: Card) throws(KeysFault) -> Rotation {
    do {
      let rotation = try Rotation(document)
      try rotation.require(old)
      return rotation
    } catch {
      throw KeysFault(.rotationRefused, "the rotation: \(error.message)", hint: error.hint)
    }
  }

  /// - Parameter old: the card whose signature it has.
  /// - Throws: `document_format` unless it speaks of that very key.
  package func require(_ old: Card) throws(KeysFault) {
    guard self.old == old.fingerprint, next.name == old.name, next.keyID != old.keyID,
      next.sealing != old.sealing
    else {
      throw KeysFault(.documentFormat, "the rotation does not speak of the key that signed it")
    }
  }
}

extension Rotation: SignedContent {
  package static let kind = SignedDocument.Kind.rotation
  package static let mostBytes = 64 << 10

  package var members: [JSON.Member] {
    [
      .init("old", .string(old.text)), .init("card", next.json), .init("at", .string(at.text)),
      .init("from", .string(from.text)), .init("until", .string(until.text)),
    ]
  }

  package init(by sender: DocumentSender, _ members: inout JSONObjectCursor) throws {
    old = try CardTerms.fingerprint(members.required("old"))
    let card = try members.required("card")
    next = try Card(card)
    at = try CardTerms.time(members.required("at"))
    from = try CardTerms.time(members.required("from"))
    until = try CardTerms.time(members.required("until"))
    guard next.terms.replaces == old, next.name == sender.name, next.keyID != sender.keyID else {
      throw card.fault("other_card", "this is not the card of the sender's next key")
    }
    guard from < until, at < until else {
      throw card.fault("rotation_times", "the old key ends before the new one begins")
    }
  }

  /// As it is carried, or as it is kept when the old key has ended.
  package func mayBeNamed(_ file: String) -> Bool {
    guard let (name, _) = (try? EntryName(file)).flatMap({ KeyFile.owner($0, KeyFile.rotation) })
    else { return false }
    return name == next.name
  }
}
