internal import Files
internal import JSONText
internal import Secrets

extension KeyFolder {
  /// All that the folder knows. What is wrong with one card hides no other; but a list of revoked
  /// keys that is altered, older than one seen before, or gone, and a rotation that nobody signed,
  /// are refused as a whole: what they would have said is not known.
  /// - Throws: `revocations_rolled_back`, `revocations_missing`, `revocations_refused`,
  ///   `rotation_refused`, and what `SignedDocument` throws.
  package func keyring() throws -> Keyring {
    let list = try cards()
    let own = try ownName()
    var entries: [Keyring.Entry] = []
    var replaced: [Card] = []
    for card in list.cards {
      let rotation = try rotation(of: card)
      entries.append(Keyring.Entry(card, .current, until: rotation?.until))
      if let rotation {
        entries.append(Keyring.Entry(rotation.next, .next, from: rotation.from))
      }
    }
    for card in list.earlier {
      let rotation = try rotation(of: card, isEarlier: true)
      if rotation == nil { replaced.append(card) }
      entries.append(Keyring.Entry(card, .earlier, until: rotation?.until))
    }
    let known = Set(list.cards.map(\.name))
    let keyring = Keyring(
      entries, strangers: try signers().filter { !known.contains($0.name) },
      revocations: try revocations(entries.map(\.card), own: own), own: own,
      faults: list.faults)
    for card in replaced where !keyring.isCompromised(card) {
      throw KeysFault(
        .rotationRefused,
        "\(card.name).\(card.keyID)\(KeyFile.rotation) is gone, which says when the key ended",
        hint: "restore it from a backup of keys/")
    }
    return keyring
  }

  /// The name of the own identity; nil where there is none.
  func ownName() throws -> KeyName? {
    guard try folder.exists(KeyFile.identity) else { return nil }
    return try ownCard().name
  }

  /// The rotation that ends this card's key; nil if none was filed.
  func rotation(of card: Card, isEarlier: Bool = false) throws -> Rotation? {
    let name = try KeyFile.name(card.name, isEarlier ? card.keyID : nil, KeyFile.rotation)
    guard try folder.exists(name) else { return nil }
    let document = try UnverifiedDocument(name, in: folder, kind: .rotation, limit: 64 << 10)
    if document.senderKeyID != card.keyID, try isDone(document) { return nil }
    return try Rotation.filed(document.verified(byOneOf: [card]), by: card)
  }

  /// Whether this rotation was filed with its earlier card, and not cleared away before the process
  /// ended.
  private func isDone(_ document: UnverifiedDocument) throws -> Bool {
    let (name, id) = (document.senderName, document.senderKeyID)
    return try folder.exists(KeyFile.name(name, id, KeyFile.card))
      && folder.exists(KeyFile.name(name, id, KeyFile.rotation))
  }
}

extension KeyFolder {
  /// What counts of all lists that were filed.
  private func revocations(_ cards: [Card], own: KeyName?) throws -> [Revocation] {
    try revocationLists(cards, own: own).flatMap { $0.counting(own: own) }
  }

  /// Each list that was filed, the own one included.
  func revocationLists(_ cards: [Card], own: KeyName?) throws -> [RevocationList] {
    let seen = try seenRevocations()
    var lists: [RevocationList] = []
    for entry in try folder.names(limit: 10_000) {
      let owner = KeyFile.owner(entry, KeyFile.revoked)
      guard entry != KeyFile.seen, entry == KeyFile.revocations || owner != nil else { continue }
      let list = try revocationList(entry, by: cards, seen)
      guard owner.map({ $0.0 == list.sender && $0.1 == nil }) ?? (own == list.sender) else {
        throw KeysFault(.revocationsRefused, "\(entry) is the list of \(list.sender)")
      }
      try seen.check(list)
      lists.append(list)
    }
    let there = Set(lists.map(\.sender))
    if let missing = seen.lists.keys.sorted().first(where: { !there.contains($0) }) {
      throw KeysFault(
        .revocationsMissing, "the list of revoked keys of \(missing) was here, and is gone",
        hint: "put the newest list back; without it a stolen key may count")
    }
    return lists
  }

  /// Killed between the signature of a new list and the list, there is a signature that does not
  /// fit: the list that was filed last still counts.
  private func revocationList(
    _ entry: EntryName, by cards: [Card], _ seen: SeenRevocations
  ) throws -> RevocationList {
    let document = try UnverifiedDocument(entry, in: folder, kind: .revocations, limit: 4 << 20)
    do throws(KeysFault) {
      return try RevocationList.filed(document.verified(byOneOf: cards))
    } catch {
      guard error.kind == .signatureRefused else { throw error }
      let list = try RevocationList.filed(SignedDocument(verified: document))
      guard seen.lists[list.sender]?.digest == list.digest else { throw error }
      return list
    }
  }

  func seenRevocations() throws -> SeenRevocations {
    guard try folder.exists(KeyFile.seen) else { return SeenRevocations() }
    let file = try OpenFile(KeyFile.seen, in: folder, rules: OpenRules(limit: 1 << 20))
    do { return try SeenRevocations(parsing: file.readAll()) } catch {
      throw KeysFault(.revocationsRefused, "\(KeyFile.seen): \(error)")
    }
  }
}
