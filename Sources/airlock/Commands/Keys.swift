import ArgumentParser
import Files
import Glibc
import JSONText
import Keys
import Secrets

struct Keys: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Identities and cards.",
    discussion: """
      An identity is secret; its card is what others may know of it.
      Compare fingerprints by telephone before you trust a card.

      Example:
        airlock keys new mts --keys mts-keys
        airlock keys card --keys mts-keys > mts.card.json
        airlock keys add mts.card.json --root registry
      """,
    subcommands: [NewKey.self, ShowCard.self, AddCard.self, ListKeys.self])
}

/// `--keys`, else the keys of the site.
struct KeyOptions: ParsableArguments {
  @OptionGroup var site: SiteOptions
  @Option(
    name: .long,
    help: ArgumentHelp("A folder of keys (default: keys/ of the site).", valueName: "dir"))
  var keys: String?

  var path: String { keys ?? site.root + "/keys" }

  func folder() throws -> KeyFolder { try KeyFolder(path: path) }
}

struct NewKey: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new", abstract: "Make an identity in a folder of keys.",
    discussion: "Example:\n  airlock keys new mts --keys mts-keys")

  @Argument(help: "Its name: lower-case letters, digits, - and _.") var name: String
  @OptionGroup var options: KeyOptions
  @OptionGroup var secret: PassphraseOptions
  @Flag(name: .long, help: "Say the card as JSON.") var json = false

  func run() throws {
    let name = try KeyName(name)
    mkdir(options.path, 0o700)
    let passphrase = try secret.passphraseFile.map { try PassphraseReading.file($0) }
    let card = try options.folder().createIdentity(named: name, passphrase: passphrase).card
    if json { return Terminal.sayWhole(card.text) }
    Terminal.say(
      "made \(Printable.quoted(options.path + "/identity.json")) (secret\(passphrase == nil ? ", without a passphrase" : ""))"
    )
    Terminal.say("card        \(Printable.quoted("\(options.path)/\(name).card.json"))")
    Terminal.say("fingerprint \(card.fingerprint)")
  }
}

struct ShowCard: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "card", abstract: "Print the own card, for others to add.",
    discussion: "Example:\n  airlock keys card --root registry > registry.card.json")

  @OptionGroup var options: KeyOptions
  @Flag(name: .long, help: "The same: a card is JSON.") var json = false

  func run() throws { Terminal.sayWhole(try options.folder().ownCard().text) }
}

struct AddCard: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add",
    abstract: "Add another party's card, or a signing key of the stock minisign.",
    discussion: """
      Examples:
        airlock keys add mts.card.json --root registry
        airlock keys add minisign.pub --name head-office --root registry
      """)

  @Argument(help: "The file of the card or key.") var card: String
  @Option(name: .long, help: "The name of the key's owner; a card has its own.") var name: String?
  @OptionGroup var options: KeyOptions
  @Flag(name: .long, help: "Say it as JSON.") var json = false

  func run() throws {
    mkdir(options.path, 0o700)
    if let name { return try add(signer: KeyName(name)) }
    if card.hasSuffix(".pub") {
      throw UsageFault(
        "a key of minisign has no name of its own",
        hint: "say whose it is: airlock keys add KEY.pub --name NAME")
    }
    let card = try CardReading.card(at: card)
    let isNew = try options.folder().add(card)
    if json {
      return Terminal.say(
        (["name": .string(card.name.text), "added": .bool(isNew)] as JSON).line())
    }
    Terminal.say("\(isNew ? "added" : "known already:") \(card.name)")
    Terminal.say("fingerprint \(card.fingerprint)")
  }

  private func add(signer name: KeyName) throws {
    let file = try OpenFile(path: card, rules: .named(limit: 64 << 10))
    let signer = Signer(name: name, key: try Minisign.publicKey(parsing: file.readAll()))
    let isNew = try options.folder().add(signer)
    if json {
      return Terminal.say((["name": .string(name.text), "added": .bool(isNew)] as JSON).line())
    }
    Terminal.say("\(isNew ? "added" : "known already:") \(name), who can only sign")
    Terminal.say("key id      \(signer.key.id)")
  }
}

struct ListKeys: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the cards of a folder of keys.",
    discussion: "Example:\n  airlock keys list --root registry")

  @OptionGroup var options: KeyOptions
  @Flag(name: .long, help: "As JSON.") var json = false

  func run() throws {
    let folder = try options.folder()
    let list = try folder.cards()
    let own = try? folder.ownCard()
    let cardNames = Set(list.cards.map(\.name))
    let signers = try folder.signers().filter { !cardNames.contains($0.name) }
    if json {
      let cards = list.cards.map { card in
        [
          "name": .string(card.name.text), "key_id": .string(card.keyID.hex),
          "fingerprint": .string(card.fingerprint.text), "own": .bool(card == own),
        ] as JSON
      }
      let keys = signers.map { signer in
        ["name": .string(signer.name.text), "key_id": .string(signer.key.id.hex), "own": false]
          as JSON
      }
      Terminal.sayWhole(JSON.array(cards + keys).pretty())
    } else {
      for card in list.cards {
        Terminal.say("\(card.name)\(card == own ? " (own)" : "")")
        Terminal.say("  key id      \(card.keyID.hex)")
        Terminal.say("  fingerprint \(card.fingerprint)")
      }
      for signer in signers {
        Terminal.say("\(signer.name) (signs only)")
        Terminal.say("  key id      \(signer.key.id)")
      }
    }
    for fault in list.faults { Terminal.warn(fault.message, hint: fault.hint) }
    if !list.faults.isEmpty { throw ExitCode(1) }
  }
}
