import ArgumentParser
import Files
import Glibc
import JSONText
import Jobs
import Keys
import Secrets

struct NewKey: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new", abstract: "Make an identity in a folder of keys.",
    discussion: """
      Without --usage it may be used for all; without --days it does not
      expire. Neither can be changed later: make a new key with keys rotate.

      Examples:
        airlock keys new mts --keys mts-keys
        airlock keys new head-office --keys office --usage snapshots,jobs --days 730
      """)

  @Argument(help: "Its name: lower-case letters, digits, - and _.") var name: String
  @Option(
    name: .long,
    help: ArgumentHelp(
      "What it may be used for, with commas: seal, archives, snapshots, jobs, results, receipts.",
      valueName: "uses"))
  var usage: String?
  @Option(name: .long, help: "How many days it is valid.") var days: Int?
  @Option(
    name: .long,
    help: ArgumentHelp(
      "When its validity begins (default: now, if it has an end).", valueName: "time"))
  var from: Moment?
  @Flag(
    name: .customLong("replace-revoked"),
    help: "In the place of the own key, which was stolen and is revoked as compromised.")
  var replaceRevoked = false
  @OptionGroup var options: KeyOptions
  @OptionGroup var secret: PassphraseOptions
  @Flag(name: .long, help: "Say the card as JSON.") var json = false

  func run() throws {
    let (name, terms) = (try KeyName(name), try terms(at: WallClock.system.now))
    mkdir(options.path, 0o700)
    let passphrase = try secret.passphraseFile.map { try PassphraseReading.file($0) }
    let card = try make(name, terms, passphrase).card
    if json { return Terminal.sayWhole(card.text) }
    let lock = passphrase == nil ? ", without a passphrase" : ""
    Terminal.say(
      "made \(Printable.quoted(options.path + "/identity.json")) (secret\(lock))")
    Terminal.say("card        \(Printable.quoted("\(options.path)/\(name).card.json"))")
    Terminal.say("fingerprint \(card.fingerprint)")
    if let end = terms.expires { Terminal.say("expires     \(end)") }
    guard replaceRevoked else { return }
    Terminal.say("then        give the card and REVOKED.json to all others, who compare")
    Terminal.say("            the fingerprint by telephone; back up the folder of keys")
  }

  private func make(
    _ name: KeyName, _ terms: CardTerms, _ passphrase: SecretBytes?
  ) throws -> Identity {
    let folder = try options.folder()
    guard replaceRevoked else {
      return try folder.createIdentity(named: name, terms: terms, passphrase: passphrase)
    }
    let lock = try options.keysSite().map { try FolderLock("lock", in: $0.store) }
    defer { withExtendedLifetime(lock) {} }
    return try folder.replaceRevokedIdentity(named: name, terms: terms, passphrase: passphrase)
  }

  private func terms(at now: UTCTime) throws -> CardTerms {
    if let days, !(1...36_500).contains(days) {
      throw UsageFault("--days must be from 1 to 36500")
    }
    if let days, let from, from.time.adding(days: days) <= now {
      throw UsageFault(
        "the key would have expired on \(from.time.adding(days: days)) already",
        hint: "choose more --days or a later --from; this machine's clock says \(now)")
    }
    let start = from?.time ?? (days == nil ? nil : now)
    return CardTerms(
      usage: try usage.map(uses), notBefore: start,
      expires: days.map { (start ?? now).adding(days: $0) })
  }

  private func uses(_ text: String) throws -> [KeyUsage] {
    let uses = try text.split(separator: ",", omittingEmptySubsequences: false).map { word in
      guard let use = KeyUsage(rawValue: String(word)) else {
        throw UsageFault(
          "\(Spelling.shown(String(word))) is no use of a key",
          hint: "there are \(KeyUsage.allCases.map(\.rawValue).joined(separator: ", "))")
      }
      return use
    }
    return KeyUsage.allCases.filter(uses.contains)
  }
}
