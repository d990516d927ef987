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
  @OptionGroup var options: KeyOptions
  @OptionGroup var secret: PassphraseOptions
  @Flag(name: .long, help: "Say the card as JSON.") var json = false

  func run() throws {
    let (name, terms) = (try KeyName(name), try terms(at: WallClock.system.now))
    mkdir(options.path, 0o700)
    let passphrase = try secret.passphraseFile.map { try PassphraseReading.file($0) }
    let card = try options.folder()
      .createIdentity(named: name, terms: terms, passphrase: passphrase).card
    if json { return Terminal.sayWhole(card.text) }
    let lock = passphrase == nil ? ", without a passphrase" : ""
    Terminal.say(
      "made \(Printable.quoted(options.path + "/identity.json")) (secret\(lock))")
    Terminal.say("card        \(Printable.quoted("\(options.path)/\(name).card.json"))")
    Terminal.say("fingerprint \(card.fingerprint)")
    if let end = terms.expires { Terminal.say("expires     \(end)") }
  }

  private func terms(at now: UTCTime) throws -> CardTerms {
    if let days, !(1...36_500).contains(days) {
      throw UsageFault("--days must be from 1 to 36500")
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
