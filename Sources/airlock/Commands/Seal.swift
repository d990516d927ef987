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
    abstract: "Seal a snapshot, a manifest or results to a site, and sign it.",
    discussion: """
      For whoever sends it there. Drop both files that it makes, the
      .minisig first. The site takes it if its policy trusts the sender's
      card with that kind of drop.

      Results name the archive that they answer (--answers), which must have
      been sealed to the sender. Their stream is numbered in sent.json beside
      the sender's identity: keep it.

      Example:
        airlock seal export.tar.zst --kind snapshot --to registry.card.json \\
          --identity head-office/identity.json --into stick
        airlock seal result.json --kind results --answers vid-00000042.sealed \\
          --to registry.card.json --identity mts/identity.json --into stick
      """)

  enum Kind: String, ExpressibleByArgument, CaseIterable { case snapshot, job, results }

  @Argument(help: "The file; of results, one or more.") var files: [String]
  @Option(name: .long, help: "What it is: snapshot, job or results.") var kind: Kind
  @Option(name: .long, help: ArgumentHelp("The card of the site.", valueName: "card")) var to:
    String
  @Option(name: .long, help: ArgumentHelp("The folder to put it into.", valueName: "dir"))
  var into: String
  @Option(
    name: .long,
    help: ArgumentHelp(
      "The sender's identity (default: keys/identity.json of the site).", valueName: "file"))
  var identity: String?
  @Option(
    name: .long,
    help: ArgumentHelp("Of results: the archive that they answer.", valueName: "archive")
  )
  var answers: String?
  @OptionGroup var options: SiteOptions
  @OptionGroup var secret: PassphraseOptions
  @Flag(name: .long, help: "Say it as JSON.") var json = false

  func run() throws {
    let card = try CardReading.card(at: to)
    let path = identity ?? options.root + "/keys/identity.json"
    let own = try IdentityFile.load(path: path, passphrase: secret.passphrase)
    let keyring = try Keyring.beside(identity: path)
    try keyring.check(card, for: .seal, at: WallClock.system.now)
    try keyring.check(own.card, for: usage, at: WallClock.system.now)
    let archive = try kind == .results ? results(own, card, path) : drop(own, card)
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

  private var usage: KeyUsage {
    switch kind {
    case .snapshot: .snapshots
    case .job: .jobs
    case .results: .results
    }
  }

  private func results(_ own: Identity, _ site: Card, _ path: String) throws -> StagedArchive {
    guard let answers else {
      throw UsageFault("results need --answers", hint: "name the archive that the MTS was given")
    }
    return try ResultSealing(
      files: files, answers: answers, identityPath: path, signer: own, site: site, into: into
    ).run()
  }

  private func drop(_ own: Identity, _ site: Card) throws -> StagedArchive {
    guard files.count == 1, let file = files.first, answers == nil else {
      throw UsageFault("a \(kind.rawValue) is one file, and answers nothing")
    }
    let folder = try Folder(path: into)
    return try SealedDrop.seal(
      OpenFile(path: file, rules: .named(limit: .max)),
      named: DropName(file.split(separator: "/").last ?? ""),
      kind: kind == .snapshot ? .snapshot : .job, at: WallClock.system.milliseconds(), to: [site],
      signer: own, into: folder, spool: folder)
  }
}
