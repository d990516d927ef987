package import JSONText
package import Secrets
internal import Files

extension Keyring {
  /// Everybody whose signature can be told, by name.
  package var signers: [Signer] {
    let known = entries.map { Signer(name: $0.card.name, key: $0.card.signing) }
    return (known + strangers).sorted { $0.name < $1.name }
  }

  /// Whose key has this id; nil if nobody has it.
  /// - Throws: `key_id_twice` when two keys have it: then no signature tells which.
  package func signer(_ id: SigningKeyID) throws(KeysFault) -> Signer? {
    let all = signers.filter { $0.key.id == id }
    guard Set(all.map(\.key)).count <= 1, Set(all.map(\.name)).count <= 1 else {
      throw KeysFault(
        .keyIDTwice, "two keys have the id \(id)",
        hint: "airlock keys list shows whose; remove the wrong file from keys/")
    }
    return all.first
  }

  /// The card with this key id; nil if there is none. Throws as above.
  package func card(_ id: SigningKeyID) throws(KeysFault) -> Card? {
    guard let signer = try signer(id) else { return nil }
    return entries.first { $0.card.signing == signer.key }?.card
  }

  /// The card to seal to: a party's next one as soon as it counts, else its current one.
  /// - Throws: `card_unknown`, with the nearest name as the hint; why it may not be sealed to.
  package func recipient(named name: String, at now: UTCTime) throws(KeysFault) -> Card {
    let mine = entries.filter { $0.card.name.text == name && $0.place != .earlier }
    let order = mine.sorted { $0.place == .next && $1.place != .next }
    guard let last = order.last else { throw unknown(name) }
    for entry in order.dropLast() {
      if (try? check(entry.card, for: .seal, at: now)) != nil { return entry.card }
    }
    try check(last.card, for: .seal, at: now)
    return last.card
  }

  private func unknown(_ name: String) -> KeysFault {
    let known = Set(entries.map(\.card.name.text)).sorted()
    let near = Spelling.nearest(to: name, among: known).map { "did you mean \"\($0)\"?" }
    return KeysFault(
      .cardUnknown, "there is no card of \(Printable.quoted(name))",
      hint: near ?? "known are \(known.joined(separator: ", "))")
  }
}
