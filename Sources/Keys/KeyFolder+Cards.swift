internal import Files
internal import JSONText
internal import Secrets

/// What a folder of keys holds.
package struct CardList: Sendable {
  /// In the order of their names.
  package let cards: [Card]
  /// One for each file that is not what belongs here.
  package let faults: [KeysFault]
}

extension KeyFolder {
  private static let cardEnding = ".card.json"

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

  /// All cards; what is wrong with one hides no other.
  package func cards() throws -> CardList {
    var cards: [Card] = []
    var faults: [KeysFault] = []
    for entry in try folder.names(limit: 10_000) where !entry.isUpload {
      guard let name = KeyFolder.cardName(entry) else {
        if !KeyFolder.belongs(entry) {
          faults.append(KeysFault(.stranger, "\(entry) does not belong among keys"))
        }
        continue
      }
      do { cards.append(try read(name)) } catch let fault { faults.append(fault) }
    }
    return CardList(cards: cards.sorted { $0.name < $1.name }, faults: faults)
  }

  /// Adds a party's card, and its signing key for the stock tool. False if it was there already.
  /// - Throws: `name_taken` when that name has other keys, `key_taken` when the keys have another
  ///   name, `FileFault`.
  @discardableResult
  package func add(_ card: Card) throws -> Bool {
    let entry = try EntryName(card.name.text + KeyFolder.cardEnding)
    if try folder.exists(entry) {
      guard try read(card.name) == card else {
        throw KeysFault(
          .nameTaken, "there is another card of \(card.name)",
          hint: "compare the fingerprints; remove \(entry) first if the new one is right")
      }
      return false
    }
    if let other = try cards().cards.first(where: { $0.sharesKey(with: card) }) {
      throw KeysFault(.keyTaken, "\(other.name) has a key of this card")
    }
    try AtomicFile.write(
      Minisign.text(of: card.signing), as: EntryName(card.name.text + KeyFolder.signingEnding),
      in: folder, mode: 0o644, replacing: true)
    try AtomicFile.write(card.text, as: entry, in: folder, mode: 0o644)
    return true
  }

  /// Takes a card away again, with its signing key for the stock tool.
  func remove(_ card: Card) throws {
    for ending in [KeyFolder.cardEnding, KeyFolder.signingEnding] {
      _ = try folder.removeIfThere(EntryName(card.name.text + ending))
    }
    try folder.sync()
  }

  private func read(_ name: KeyName) throws(KeysFault) -> Card {
    let shown = "\(name)\(KeyFolder.cardEnding)"
    let card = try parse(shown)
    guard card.name == name else {
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

  private static func cardName(_ entry: EntryName) -> KeyName? {
    guard let text = entry.text, text.hasSuffix(cardEnding) else { return nil }
    return try? KeyName(String(text.dropLast(cardEnding.count)))
  }

  private static func belongs(_ entry: EntryName) -> Bool {
    guard let text = entry.text else { return false }
    return ["identity.json", "README.md"].contains(text) || text.hasSuffix(signingEnding)
  }
}

extension Card {
  fileprivate func sharesKey(with other: Card) -> Bool {
    keyID == other.keyID || sealing == other.sealing || signing == other.signing
  }
}
