internal import Files
package import JSONText
internal import Secrets

extension KeyFolder {
  /// Adds one key to the own list of those that count no more, or makes worse what it says of it.
  /// - Parameters:
  ///   - which: a name, or the id of a key.
  ///   - signer: the own identity.
  /// - Throws: `card_unknown`, `revocations_rolled_back` for what would take something back.
  package func revoke(
    _ which: String, _ reason: Revocation.Reason, since: UTCTime, signer: Identity
  ) throws -> RevocationList {
    let keyring = try keyring()
    let target = try KeyFolder.target(which, in: keyring)
    let own = try revocationLists(keyring.cards, own: signer.name)
      .first { $0.sender == signer.name }
    let new = Revocation(
      name: target.name, keyID: target.key.id,
      fingerprint: keyring.entries.first { $0.card.signing == target.key }?.card.fingerprint,
      reason: reason, since: since)
    let kept = own?.entries ?? []
    if let old = kept.first(where: { $0.keyID == new.keyID }), !new.covers(old) {
      throw KeysFault(
        .revocationsRolledBack,
        "the key \(new.keyID) is revoked as \(old.reason.rawValue) since \(old.since) already",
        hint: "nothing is taken back: give the party a new key instead")
    }
    let document = try RevocationList.signed(
      number: (own?.number ?? 0) + 1, kept.filter { $0.keyID != new.keyID } + [new], by: signer)
    return try file(document, as: KeyFile.revocations)
  }

  /// Files another party's list, of which what it says of its own keys counts.
  /// - Returns: the list, and whether it was not filed before.
  /// - Throws: `unknown_sender`, `signature_refused`, `revocations_refused`,
  ///   `revocations_rolled_back` for one that is older, or takes something back; `key_revoked`.
  package func add(
    revocations text: [UInt8], signature: [UInt8], at now: UTCTime
  ) throws -> (RevocationList, isNew: Bool) {
    let keyring = try keyring()
    let unverified = try UnverifiedDocument(text, signature: signature, kind: .revocations)
    let document = try unverified.verified(byOneOf: keyring.cards)
    let list = try RevocationList.filed(document)
    guard list.sender != keyring.own else {
      throw KeysFault(.revocationsRefused, "this is the list of the own keys' site")
    }
    let filed = try revocationLists(keyring.cards, own: keyring.own)
      .first { $0.sender == list.sender }
    if let filed, filed.digest == list.digest { return (list, false) }
    try KeyFolder.requireFollows(list, filed)
    if let signer = try keyring.card(unverified.senderKeyID) {
      try keyring.check(signer, for: nil, at: now)
    }
    let name = try KeyFile.name(list.sender, nil, KeyFile.revoked)
    return (try file(document, as: name), true)
  }

  private static func requireFollows(
    _ list: RevocationList, _ filed: RevocationList?
  ) throws(KeysFault) {
    guard let filed else { return }
    guard list.number > filed.number else {
      throw KeysFault(
        .revocationsRolledBack,
        "the list of \(list.sender) is number \(list.number), and number \(filed.number) is filed",
        hint: "ask \(list.sender) for the newest list")
    }
    for old in filed.entries
    where !list.entries.contains(where: { $0.keyID == old.keyID && $0.covers(old) }) {
      throw KeysFault(
        .revocationsRolledBack, "the list takes back what was said of the key \(old.keyID)",
        hint: "ask \(list.sender) by telephone; the key that signed it may be stolen")
    }
  }

  /// The same words by another key of the same party.
  func signAnew(_ list: RevocationList, by identity: Identity) throws {
    let document = try RevocationList.signed(
      number: list.number + 1, list.entries, by: identity)
    _ = try file(document, as: KeyFile.revocations)
  }

  /// The list first, then the note of it: killed in between, the list is newer than the note says.
  private func file(_ document: SignedDocument, as name: EntryName) throws -> RevocationList {
    let list = try RevocationList.filed(document)
    try document.publish(as: name, in: folder)
    var seen = try seenRevocations()
    seen.lists[list.sender] = SeenRevocations.Seen(number: list.number, digest: list.digest)
    try AtomicFile.write(
      seen.json.pretty(), as: KeyFile.seen, in: folder, mode: 0o644, replacing: true)
    return list
  }

  private static func target(_ which: String, in keyring: Keyring) throws(KeysFault) -> Signer {
    let signers = keyring.signers
    if let one = signers.first(where: { $0.key.id.hex == which.uppercased() }) { return one }
    let earlier = Set(keyring.entries.filter { $0.place == .earlier }.map(\.card.signing))
    let named = signers.filter { $0.name.text == which && !earlier.contains($0.key) }
    guard let one = named.first else {
      throw KeysFault(
        .cardUnknown, "there is no key of \(Printable.quoted(which))",
        hint: "airlock keys list shows the names and ids")
    }
    guard named.count == 1 else {
      throw KeysFault(
        .cardUnknown, "\(which) has \(named.count) keys",
        hint: "name the one by its id: \(named.map(\.key.id.hex).joined(separator: " or "))")
    }
    return one
  }
}

extension Revocation {
  /// Whether it refuses all that the other does.
  func covers(_ other: Revocation) -> Bool {
    if reason == .compromised { return true }
    return other.reason != .compromised && since <= other.since
  }
}
