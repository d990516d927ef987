import Archives
import ArgumentParser
import Files
import Glibc
import JSONText
import Jobs
import Keys
import Secrets

struct Seal: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Seal a snapshot or a manifest to a site, and sign it.",
    discussion: """
      For whoever sends it there. Drop both files that it makes, the
      .minisig first. The site takes it if its policy trusts the sender's
      card with that kind of drop.

      Example:
        airlock seal export.tar.zst --kind snapshot --to registry.card.json \\
          --identity head-office/identity.json --into stick
      """)

  enum Kind: String, ExpressibleByArgument, CaseIterable { case snapshot, job }

  @Argument(help: "The file.") var file: String
  @Option(name: .long, help: "What it is: snapshot or job.") var kind: Kind
  @Option(name: .long, help: ArgumentHelp("The card of the site.", valueName: "card")) var to:
    String
  @Option(name: .long, help: ArgumentHelp("The folder to put it into.", valueName: "dir"))
  var into: String
  @Option(
    name: .long,
    help: ArgumentHelp(
      "The sender's identity (default: keys/identity.json of the site).", valueName: "file"))
  var identity: String?
  @OptionGroup var options: SiteOptions
  @OptionGroup var secret: PassphraseOptions
  @Flag(name: .long, help: "Say it as JSON.") var json = false

  func run() throws {
    let card = try CardReading.card(at: to)
    let name = try DropName(file.split(separator: "/").last ?? "")
    let path = identity ?? options.root + "/keys/identity.json"
    let own = try IdentityFile.load(path: path, passphrase: secret.passphrase)
    let keyring = try Keyring.beside(identity: path)
    try keyring.check(card, for: .seal, at: WallClock.system.now)
    try keyring.check(
      own.card, for: kind == .snapshot ? .snapshots : .jobs, at: WallClock.system.now)
    let folder = try Folder(path: into)
    let archive = try SealedDrop.seal(
      OpenFile(path: file, rules: .named(limit: .max)), named: name,
      kind: kind == .snapshot ? .snapshot : .job, at: WallClock.system.milliseconds(), to: [card],
      signer: own, into: folder, spool: folder)
    try archive.publish()
    if json {
      let result: JSON = [
        "file": .string("\(into)/\(archive.name)"), "digest": .string(archive.digest.hex),
        "bytes": .int(archive.size), "to": .string(card.name.text),
      ]
      return Terminal.say(result.line())
    }
    Terminal.say("sealed to \(card.name): \(Printable.quoted("\(into)/\(archive.name)"))")
    Terminal.say("digest    \(archive.digest.hex)")
  }
}
