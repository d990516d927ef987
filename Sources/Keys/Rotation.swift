package import JSONText

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
    try SignedDocument(
      .rotation,
      [
        .init("old", .string(old.text)), .init("card", next.json), .init("at", .string(at.text)),
        .init("from", .string(from.text)), .init("until", .string(until.text)),
      ], signer: identity)
  }

  /// - Parameter old: the card whose signature the document has.
  /// - Throws: `rotation_refused` for what says other things than a rotation may.
  init(_ document: SignedDocument, by old: Card) throws {
    do {
      try self.init(JSONCursor(JSONDocument(parsing: document.text, limits: Card.limits)))
    } catch let fault as KeysFault {
      throw KeysFault(.rotationRefused, "the rotation: \(fault.message)", hint: fault.hint)
    } catch {
      throw KeysFault(.rotationRefused, "the rotation: \(error)")
    }
    guard self.old == old.fingerprint, next.terms.replaces == old.fingerprint,
      next.name == old.name
    else {
      throw KeysFault(.rotationRefused, "the rotation does not speak of the key that signed it")
    }
    guard next.keyID != old.keyID, next.sealing != old.sealing, from < until, at < until else {
      throw KeysFault(.rotationRefused, "the rotation's keys or times cannot be")
    }
  }

  private init(_ cursor: JSONCursor) throws {
    var members = try cursor.object()
    for known in ["airlock", "version", "sender"] { _ = try members.required(known) }
    old = try CardTerms.fingerprint(members.required("old"))
    next = try Card(members.required("card"))
    at = try CardTerms.time(members.required("at"))
    from = try CardTerms.time(members.required("from"))
    until = try CardTerms.time(members.required("until"))
    try members.finish()
  }
}
