internal import Files
internal import JSONText
internal import Secrets

/// What a folder of keys holds.
package struct CardList: Sendable {
  /// In the order of their names.
  package let cards: [Card]
  /// Those whose place another card has taken.
  package let earlier: [Card]
  /// One for each file that is not what belongs here.
  package let faults: [KeysFault]
}

extension KeyFolder {
  private static let cardEnding = KeyFile.card

  /// The card of a party.
  /// - Throws: `card_unknown`, with the nearest name as the hint; or what is wrong with the card.
  package func card(named name: String) throws -> Card {
    guard let name = try? KeyName(name),
      try folder.exists(EntryName(name.text + KeyFolder.cardEnding))
    else {
      let known = try cards().cards.map(\.name.text)
      let near = Spelling.nearest(to: name, among: known).map { "did you mean \"\($0)\"?" }
      throw KeysFault(
        .cardUnknown, "there is no card of \(Printable.quoted(name))",
        hint: near ?? "known are \(known.joined(separator: ", "))")
    }
    return try read(name)
  }

  /// The card of each party; what is wrong with one hides no other.
  package func cards() throws -> CardList {
    var (cards, earlier, faults): ([Card], [Card], [KeysFault]) = ([], [], [])
    for entry in try folder.names(limit: 10_000) where !entry.isUpload {
      guard let (name, id) = KeyFile.owner(entry, KeyFile.card) else {
        if !KeyFile.belongs(entry) {
          faults.append(KeysFault(.stranger, "\(entry) does not belong among keys"))
        }
        continue
      }
      do throws(KeysFault) {
        if let id { earlier.append(try read(name, id)) } else { cards.append(try read(name)) }
      } catch {
        faults.append(error)
      }
    }
    return CardList(
      cards: cards.sorted { $0.name < $1.name },
      earlier: earlier.sorted { ($0.name, $0.keyID.hex) < ($1.name, $1.keyID.hex) },
      faults: faults)
  }

  /// Adds a party's card, and its signing key for the stock tool. False if it was there already.
  /// - Throws: `name_taken` when that name has other keys, `key_taken` when the keys have another
  ///   name, `FileFault`.
  @discardableResult
  package func add(_ card: Card) throws -> Bool {
    let entry = try EntryName(card.name.text + KeyFolder.cardEnding)
    if try folder.exists(entry) {
      return try add(card, besides: read(card.name))
    }
    try requireUnknown(card)
    try AtomicFile.write(
      Minisign.text(of: card.signing), as: EntryName(card.name.text + KeyFolder.signingEnding),
      in: folder, mode: 0o644, replacing: true)
    try AtomicFile.write(card.text, as: entry, in: folder, mode: 0o644)
    return true
  }

  private func requireUnknown(_ card: Card) throws {
    let list = try cards()
    if let other = (list.cards + list.earlier).first(where: { $0.sharesKey(with: card) }) {
      throw KeysFault(.keyTaken, "\(other.name) has a key of this card")
    }
  }

  /// Whoever adds the very card that was announced has compared its fingerprint: it takes its place. So
  /// does a card in the place of one that is compromised.
  private func add(_ card: Card, besides there: Card) throws -> Bool {
    if there == card { return false }
    if let announced = try rotation(of: there), announced.next == card {
      try settle(there, announced)
      return true
    }
    if try card.name != ownName(), try keyring().isCompromised(there) {
      try requireUnknown(card)
      try replace(there, with: card)
      return true
    }
    throw KeysFault(
      .nameTaken, "there is another card of \(card.name)",
      hint:
        "if the key was rotated, add \(card.name).rotation.json; if it was stolen, compare the new fingerprint by telephone, then revoke the old key as compromised and add this again"
    )
  }

  /// Takes a card away again, with its signing key for the stock tool.
  func remove(_ card: Card) throws {
    for ending in [KeyFolder.cardEnding, KeyFolder.signingEnding] {
      _ = try folder.removeIfThere(EntryName(card.name.text + ending))
    }
    try folder.sync()
  }

  func read(_ name: KeyName, _ id: SigningKeyID? = nil) throws(KeysFault) -> Card {
    let shown = "\(name)\(id.map { ".\($0.hex)" } ?? "")\(KeyFolder.cardEnding)"
    let card = try parse(shown)
    guard card.name == name, id == nil || card.keyID == id else {
      throw KeysFault(.cardMisnamed, "\(shown) is the card of \(card.name)")
    }
    return card
  }

  private func parse(_ shown: String) throws(KeysFault) -> Card {
    do {
      let file = try OpenFile(EntryName(shown), in: folder, rules: OpenRules(limit: 16 << 10))
      return try Card(parsing: file.readAll())
    } catch let fault as KeysFault {
      throw KeysFault(fault.kind, "\(shown): \(fault.message)", hint: fault.hint)
    } catch {
      throw KeysFault(.cardFormat, "\(shown): \(error)")
    }
  }
}

extension Card {
  func sharesKey(with other: Card) -> Bool {
    keyID == other.keyID || sealing == other.sealing || signing == other.signing
  }
}
