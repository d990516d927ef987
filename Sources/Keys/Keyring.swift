package import JSONText
internal import Secrets

/// All keys of a folder with what is known of each: one question for all who use a key, whether it
/// may be used for this, now.
package struct Keyring: Sendable {
  /// A key's place in its party's life.
  package enum Place: Sendable, Hashable {
    case current
    /// Announced, and to be the current one.
    case next
    /// It was the current one.
    case earlier
  }

  package struct Entry: Sendable, Hashable {
    package let card: Card
    package let place: Place
    /// By a rotation: when it begins to count.
    package let from: UTCTime?
    /// By a rotation: when it ends.
    package let until: UTCTime?

    package init(_ card: Card, _ place: Place, from: UTCTime? = nil, until: UTCTime? = nil) {
      self.card = card
      self.place = place
      self.from = from
      self.until = until
    }
  }

  /// By name; of one name the current one first.
  package let entries: [Entry]
  /// Those who can only sign.
  package let strangers: [Signer]
  package let revocations: [Revocation]
  /// The name of the own identity, if there is one.
  package let own: KeyName?
  /// One for each file that is not what belongs among keys.
  package let faults: [KeysFault]

  package init(
    _ entries: [Entry], strangers: [Signer] = [], revocations: [Revocation] = [],
    own: KeyName? = nil, faults: [KeysFault] = []
  ) {
    self.entries = entries
    self.strangers = strangers
    self.revocations = revocations
    self.own = own
    self.faults = faults
  }

  /// Of cards alone, about which nothing else is known.
  package init(_ cards: [Card]) { self.init(cards.map { Entry($0, .current) }) }

  /// Every card: also the next of a party, and earlier ones, which old archives are signed by.
  package var cards: [Card] { entries.map(\.card) }

  /// The same, as if only one party were known. What is known of the card's key stays, and if the
  /// card is known, so do the party's other keys.
  package func only(_ card: Card) -> Keyring {
    let isKnown = entries.contains { $0.card == card }
    let party = isKnown ? entries.filter { $0.card.name == card.name } : [Entry(card, .current)]
    return Keyring(party, revocations: revocations, own: own)
  }
}

extension Keyring {
  /// Whether a key may be used.
  /// - Parameters:
  ///   - usage: for what; nil for what every key may do.
  ///   - now: the time of day.
  ///   - made: when that which it signed says that it was made; nil for what is made, sealed or
  ///     handed in now. A key that has since expired or been retired vouches for what it made
  ///     before; one that is compromised for nothing.
  /// - Throws: `key_revoked`, `key_not_yet_valid`, `key_expired`, `key_retired`, `key_wrong_usage`.
  package func check(
    _ card: Card, for usage: KeyUsage?, at now: UTCTime, made: UTCTime? = nil
  ) throws(KeysFault) {
    try requireUnrevoked(
      card.keyID, card.fingerprint, Who(card.name, card.keyID), at: now, made: made)
    try requireBelievedAnnouncement(card)
    try requireValid(card, at: now, made: made)
    guard let usage, let allowed = card.terms.usage, !allowed.contains(usage) else { return }
    throw KeysFault(
      .wrongUsage, "\(Who(card.name, card.keyID)) may not \(usage.words)",
      hint: "it is for \(allowed.map(\.rawValue).joined(separator: ", ")) only")
  }

  /// The same for a signature of which only the signer is known.
  package func check(
    _ signer: Signer, for usage: KeyUsage?, at now: UTCTime, made: UTCTime? = nil
  ) throws(KeysFault) {
    if let entry = entries.first(where: { $0.card.signing == signer.key }) {
      return try check(entry.card, for: usage, at: now, made: made)
    }
    try requireUnrevoked(
      signer.key.id, nil, Who(signer.name, signer.key.id), at: now, made: made)
  }

  private func requireUnrevoked(
    _ id: SigningKeyID, _ print: Fingerprint?, _ who: Who, at now: UTCTime, made: UTCTime?
  ) throws(KeysFault) {
    for revocation in revocations
    where revocation.keyID == id || print != nil && revocation.fingerprint == print {
      if revocation.reason == .compromised {
        throw KeysFault(
          .revoked, "\(who) was revoked: it is compromised, and nothing that it signed counts",
          hint: "ask \(revocation.name) for the card of a new key")
      }
      guard revocation.since <= made ?? now else { continue }
      throw KeysFault(
        .revoked, "\(who) was revoked as \(revocation.reason.rawValue) on \(revocation.since)",
        hint: "ask \(revocation.name) for the card of the key in its place")
    }
  }

  /// Whoever has stolen a key can announce another.
  private func requireBelievedAnnouncement(_ card: Card) throws(KeysFault) {
    guard entries.contains(where: { $0.card == card && $0.place == .next }),
      let old = card.terms.replaces,
      revocations.contains(where: { $0.fingerprint == old && $0.reason == .compromised })
    else { return }
    throw KeysFault(
      .revoked, "the key \(card.keyID) of \(card.name) was announced by a key that is compromised",
      hint: "compare its fingerprint by telephone, then add its card: airlock keys add CARD")
  }

  private func requireValid(
    _ card: Card, at now: UTCTime, made: UTCTime?
  ) throws(KeysFault) {
    let (first, last) = (min(made ?? now, now), made ?? now)
    let entry = entries.first { $0.card.fingerprint == card.fingerprint }
    let who = Who(card.name, card.keyID)
    if let start = [card.terms.notBefore, entry?.from].compactMap({ $0 }).max(), first < start {
      throw KeysFault(
        .notYetValid, "\(who) is not valid before \(start)", hint: Keyring.clock(now))
    }
    if let end = card.terms.expires, last >= end {
      throw KeysFault(
        .expired, "\(who) expired on \(end)",
        hint: "use a newer key (airlock keys rotate); \(Keyring.clock(now))")
    }
    if let end = entry?.until, last >= end {
      throw KeysFault(
        .retired, "\(who) was followed by another key, and ended on \(end)",
        hint: "use the newer key; \(Keyring.clock(now))")
    }
  }

  private static func clock(_ now: UTCTime) -> String {
    "if that is wrong, check this machine's clock, which says \(now)"
  }

  /// How a fault names a key.
  private struct Who: CustomStringConvertible {
    private let name: KeyName
    private let id: SigningKeyID

    init(_ name: KeyName, _ id: SigningKeyID) { (self.name, self.id) = (name, id) }

    var description: String { "the key \(id) of \(name)" }
  }
}
