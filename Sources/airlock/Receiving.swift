import Archives
import ArgumentParser
import Files
import Jobs
import Keys

/// Who receives, and whose archives: for every command of the MTS side.
struct ReceiverOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "The recipient's identity (default: keys/identity.json of the site).", valueName: "file"))
  var identity: String?
  @OptionGroup var options: SiteOptions
  @OptionGroup var senders: SenderOptions
  @OptionGroup var secret: PassphraseOptions

  var path: String { identity ?? options.root + "/keys/identity.json" }

  /// Where the identity lies, with what was received and the cards of senders.
  var folder: String { Paths.parent(of: path) }

  /// By the usual name, or one that was kept or is to come: whichever the archive was sealed to.
  func own(opening header: ArchiveHeader) throws -> Identity {
    guard path.hasSuffix("/identity.json"), let keys = try? KeyFolder(path: folder) else {
      return try IdentityFile.load(path: path, passphrase: secret.passphrase)
    }
    return try keys.identity(
      opening: header.recipients.map(\.fingerprint), at: WallClock.system.now,
      passphrase: secret.passphrase)
  }

  func received() throws -> ReceivedFile { try ReceivedFile(in: Folder(path: folder)) }
}

extension OrderRule: ExpressibleByArgument {}

enum Paths {
  /// The folder that a path lies in.
  static func parent(of path: String) -> String {
    let whole = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    guard let slash = whole.lastIndex(of: "/") else { return "." }
    return slash == whole.startIndex ? "/" : String(whole[..<slash])
  }
}
