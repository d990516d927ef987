import ArgumentParser
import Files
import JSONText
import Jobs
import Keys
import Secrets

struct RevokeKey: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "revoke", abstract: "Say that a key counts no more.",
    discussion: """
      Writes the signed list REVOKED.json in the folder of keys. Of a key that
      is compromised nothing counts any more; of one that is retired or
      superseded, what it signed before --since does. Nothing is taken back.
      For a key of your own, carry REVOKED.json and its .minisig to all others,
      who run keys add.

      Example:
        airlock keys revoke mts --reason compromised --root registry
      """)

  enum Reason: String, ExpressibleByArgument, CaseIterable { case compromised, retired, superseded }

  @Argument(help: "The name of its owner, or the key's id.") var key: String
  @Option(name: .long, help: "compromised, retired or superseded.") var reason: Reason
  @Option(name: .long, help: ArgumentHelp("Since when (default: now).", valueName: "time"))
  var since: Moment?
  @Flag(name: .long, help: "Do it also to the own key in force.") var yes = false
  @OptionGroup var options: KeyOptions
  @OptionGroup var secret: PassphraseOptions
  @Flag(name: .long, help: "Say the list as JSON.") var json = false

  func run() throws {
    let folder = try options.folder()
    let own = try folder.identity(passphrase: secret.passphrase)
    try requireYes(own.card)
    let known: Revocation.Reason =
      switch reason {
      case .compromised: .compromised
      case .retired: .retired
      case .superseded: .superseded
      }
    let list = try folder.revoke(
      key, known, since: since?.time ?? WallClock.system.now, signer: own)
    if json { return Terminal.sayWhole(JSON.array(list.entries.map(\.json)).pretty()) }
    Terminal.say("list \(list.number): \(Printable.quoted(options.path + "/REVOKED.json"))")
    for entry in list.entries {
      Terminal.say(
        "revoked     \(entry.keyID) of \(entry.name), \(entry.reason.rawValue) since \(entry.since)"
      )
    }
    if list.entries.contains(where: { $0.name == own.name && $0.keyID.hex == own.card.keyID.hex }) {
      Terminal.warn(
        "the own key in force is revoked: nothing leaves with it",
        hint: reason == .compromised
          ? "carry the list to all others, then: airlock keys new \(own.name) --replace-revoked\(options.asGiven)"
          : "docs/keys.md says what to do")
    }
  }

  private func requireYes(_ own: Card) throws {
    guard !yes, key == own.name.text || key.uppercased() == own.keyID.hex else { return }
    throw UsageFault(
      "\(own.keyID) is the own key in force: once revoked, nothing leaves with it, and no one takes it back",
      hint: reason == .compromised
        ? "if it was stolen, say --yes" : "to go over to a new key: airlock keys rotate; else --yes"
    )
  }
}
