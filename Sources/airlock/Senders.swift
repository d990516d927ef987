import Archives
import ArgumentParser
import Faults
import Files
import Jobs
import Keys

/// Whose signatures count: one card by `--sender`, else every card of a folder of keys.
struct SenderOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "The sender's card (default: the cards in the folder of keys).", valueName: "card"))
  var sender: String?

  /// With `--sender`, what the folder knows of that card's key still counts: that it was revoked.
  /// - Parameter folder: where to look without `--sender`.
  func keyring(in folder: String) throws -> Keyring {
    if let sender {
      let card = try CardReading.card(at: sender)
      guard let keys = try KeyFolder.known(at: folder) else { return Keyring([card]) }
      return try keys.keyring().only(card)
    }
    let keys: KeyFolder
    do { keys = try KeyFolder(path: folder) } catch {
      throw UsageFault(
        "there is no folder of keys at \(Printable.quoted(folder)) to tell whose signature counts",
        hint: "name the sender's card: --sender registry.card.json")
    }
    let keyring = try keys.keyring()
    for fault in keyring.faults { Terminal.warn(fault.message, hint: fault.hint) }
    guard !keyring.entries.isEmpty else {
      throw UsageFault(
        "no card says whose signature counts",
        hint: "name the sender's card: --sender registry.card.json")
    }
    return keyring
  }
}

extension KeyFolder {
  /// A folder of keys that is there and ours to read; nil otherwise.
  /// - Throws: `exposed` where others can write to it: what it says of revoked keys cannot be
  ///   believed, nor left out of account.
  static func known(at path: String) throws(FileFault) -> KeyFolder? {
    do throws(FileFault) { return try KeyFolder(path: path) } catch {
      guard error.kind != .exposed else { throw error }
      return nil
    }
  }
}

extension Keyring {
  /// What the folder of an identity knows; nothing if it is no folder of keys.
  static func beside(identity path: String) throws -> Keyring {
    guard let keys = try KeyFolder.known(at: Paths.parent(of: path)) else { return Keyring([]) }
    return try keys.keyring()
  }

  /// Verifies an archive: the signature, and that the key could make it then. Tells of a key that its
  /// sender announces.
  func verified(_ archive: UnverifiedArchive) throws -> VerifiedArchive {
    let verified = try archive.verified(byOneOf: cards)
    let draft = verified.header.draft
    try check(
      verified.sender, for: draft.kind.usage, at: WallClock.system.now, made: draft.created)
    if let next = draft.nextKey { tell(next, of: verified.sender.name) }
    return verified
  }

  private func tell(_ next: NextKey, of name: KeyName) {
    guard !cards.contains(where: { $0.fingerprint == next.fingerprint }) else { return }
    if let filed = entries.first(where: { $0.card.name == name && $0.place == .next }) {
      Terminal.warn(
        "\(name) announces the key \(next.fingerprint), and has announced \(filed.card.fingerprint) before",
        hint: "ask \(name) by telephone which one is right")
    } else {
      Terminal.warn(
        "\(name) announces a new key \(next.fingerprint) from \(next.from)",
        hint: "add it: airlock keys add \(name).rotation.json")
    }
  }
}

enum CardReading {
  static func card(at path: String) throws -> Card {
    let text = try OpenFile(path: path, rules: .named(limit: 64 << 10)).readAll()
    if text.starts(with: "untrusted comment:".utf8) {
      throw UsageFault(
        "\(Printable.quoted(path)) is a key of the stock minisign, and not a card",
        hint: "name the card: NAME.card.json")
    }
    return try Card(parsing: text)
  }
}
