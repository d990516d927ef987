import ArgumentParser
import Files
import Glibc
import JSONText
import Jobs
import Keys
import Secrets

struct AddCard: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add",
    abstract:
      "Add a card, a signing key of the stock minisign, a rotation or a list of revoked keys.",
    discussion: """
      What a rotation or a list says is believed by its signature, which must
      lie beside it: FILE.minisig.

      Examples:
        airlock keys add mts.card.json --root registry
        airlock keys add minisign.pub --name head-office --root registry
        airlock keys add registry.rotation.json --keys mts-keys
        airlock keys add REVOKED.json --keys mts-keys
      """)

  @Argument(help: "The file.") var card: String
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
    let text = try OpenFile(path: card, rules: .named(limit: 4 << 20)).readAll()
    switch try? JSONDocument(parsing: text).root.json["airlock"]?.text {
    case SignedDocument.Kind.rotation.rawValue: try add(rotation: text)
    case SignedDocument.Kind.revocations.rawValue: try add(revocations: text)
    default: try add(Card(parsing: text))
    }
  }

  private func add(_ card: Card) throws {
    let isNew = try options.folder().add(card)
    // The fingerprint is of the keys alone: a card whose terms were taken out has the same one.
    let uses = card.terms.usage.map { $0.map(\.rawValue).joined(separator: ", ") } ?? "every use"
    let end = card.terms.expires.map { "until \($0)" } ?? "without an end"
    say(
      card.name, isNew, "",
      ["fingerprint \(card.fingerprint)", "terms       \(uses), \(end): compare these too"])
    let now = WallClock.system.now
    guard let end = card.terms.expires, end <= now else { return }
    Terminal.warn(
      "the key \(card.keyID) of \(card.name) expired on \(end)",
      hint: "ask \(card.name) for its newer card; this machine's clock says \(now)")
  }

  private func add(signer name: KeyName) throws {
    let file = try OpenFile(path: card, rules: .named(limit: 64 << 10))
    let signer = Signer(name: name, key: try Minisign.publicKey(parsing: file.readAll()))
    let isNew = try options.folder().add(signer)
    say(name, isNew, ", who can only sign", ["key id      \(signer.key.id)"])
  }

  private func add(rotation text: [UInt8]) throws {
    let (rotation, isNew) = try options.folder().add(
      rotation: text, signature: signature(), at: WallClock.system.now)
    say(
      rotation.next.name, isNew, ", the next key",
      [
        "fingerprint \(rotation.next.fingerprint)", "from        \(rotation.from)",
        "old key     until \(rotation.until)",
      ])
  }

  private func add(revocations text: [UInt8]) throws {
    let (list, isNew) = try options.folder().add(
      revocations: text, signature: signature(), at: WallClock.system.now)
    say(
      list.sender, isNew, ", list \(list.number) of revoked keys",
      list.entries.filter { $0.name == list.sender }.map {
        "revoked     \($0.keyID), \($0.reason.rawValue) since \($0.since)"
      })
  }

  private func signature() throws -> [UInt8] {
    try OpenFile(
      path: card + SignedDocument.signatureEnding, rules: .named(limit: Int64(Minisign.maxBytes))
    ).readAll()
  }

  private func say(_ name: KeyName, _ isNew: Bool, _ what: String, _ facts: [String]) {
    if json {
      return Terminal.say((["name": .string(name.text), "added": .bool(isNew)] as JSON).line())
    }
    Terminal.say("\(isNew ? "added" : "known already:") \(name)\(what)")
    for fact in facts { Terminal.say(fact) }
  }
}
