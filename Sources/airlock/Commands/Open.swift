import Archives
import ArgumentParser
import Files
import JSONText
import Jobs
import Keys

struct Open: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Verify an archive and open it into a folder.",
    discussion: """
      The folder appears whole or not at all. Without --sender, the cards
      beside the identity say whose signatures count.

      Example:
        airlock open vid-00000042.sealed --into work \\
          --identity keys/identity.json
      """)

  @Argument(help: "The archive; its signature lies beside it.") var archive: String
  @Option(name: .long, help: ArgumentHelp("The folder to make.", valueName: "dir")) var into: String
  @Option(
    name: .long,
    help: ArgumentHelp(
      "The recipient's identity (default: keys/identity.json of the site).", valueName: "file"))
  var identity: String?
  @OptionGroup var options: SiteOptions
  @OptionGroup var senders: SenderOptions
  @OptionGroup var secret: PassphraseOptions
  @Flag(name: .long, help: "Say it as JSON.") var json = false

  func run() throws {
    let path = identity ?? options.root + "/keys/identity.json"
    let keyring = try senders.keyring(in: folder(of: path))
    let verified = try keyring.verified(UnverifiedArchive(path: archive))
    for warning in verified.warnings { Terminal.warn(warning) }
    let own = try identity(at: path, for: verified.header)
    let opened = try verified.open(own, into: into)
    let draft = opened.header.draft
    if json {
      let result: JSON = [
        "into": .string(into), "stream": .string(draft.stream.text),
        "sequence": .int(draft.sequence),
        "records": .int(draft.records), "batches": .int(draft.batches),
        "files": .count(opened.files),
        "bytes": .int(opened.bytes), "sender": .string(verified.sender.name.text),
      ]
      return Terminal.say(result.line())
    }
    Terminal.say(
      "opened \(draft.kind.rawValue) \(draft.sequence) of stream \(draft.stream), signed by \(verified.sender.name), into \(Printable.quoted(into))"
    )
    Terminal.say(
      "\(VerdictWording.grouped(draft.records)) records in \(VerdictWording.grouped(draft.batches)) request file\(draft.batches == 1 ? "" : "s"), \(VerdictWording.grouped(opened.bytes)) bytes"
    )
  }

  /// By the usual name, or one that was kept or is to come: whichever it was sealed to.
  private func identity(at path: String, for header: ArchiveHeader) throws -> Identity {
    guard path.hasSuffix("/identity.json"), let keys = try? KeyFolder(path: folder(of: path)) else {
      return try IdentityFile.load(path: path, passphrase: secret.passphrase)
    }
    return try keys.identity(
      opening: header.recipients.map(\.fingerprint), at: WallClock.system.now,
      passphrase: secret.passphrase)
  }

  private func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
