import Archives
import ArgumentParser
import Files
import JSONText
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

  /// The identity that an archive was sealed to: by the usual name the one in force, one that was
  /// kept, or one to come; else the very file that was named.
  func own(for archive: VerifiedArchive, at now: UTCTime) throws -> Identity {
    guard path.hasSuffix("/identity.json"), let keys = try KeyFolder.known(at: folder) else {
      return try IdentityFile.load(path: path, passphrase: secret.passphrase)
    }
    return try keys.identity(
      opening: archive.header.recipients.map(\.fingerprint), at: now, passphrase: secret.passphrase)
  }

  /// The identity in force, whichever an archive was sealed to: a retired one signs no receipt.
  func signer(_ own: Identity) throws -> Identity {
    guard let keys = try KeyFolder.known(at: folder), let card = try? keys.ownCard(),
      card.name == own.name, card.keyID != own.card.keyID
    else { return own }
    return try keys.identity(passphrase: secret.passphrase)
  }

  /// - Throws: `no_matching_key` unless the archive is sealed to the identity, or to one that it
  ///   follows or that follows it.
  func requireRecipient(of archive: VerifiedArchive, _ own: Identity) throws {
    guard path.hasSuffix("/identity.json"),
      let cards = try KeyFolder.known(at: folder)?.ownCards(),
      cards.contains(where: archive.isSealed(to:))
    else { return try archive.requireRecipient(own) }
  }

  func received() throws -> ReceivedFile {
    let place: Folder
    do throws(FileFault) { place = try Folder(path: folder) } catch {
      // That there is no identity says more.
      if error.kind == .notFound { _ = try IdentityFile.load(path: path) }
      throw error
    }
    return try ReceivedFile(in: place)
  }
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
