import Archives
import Files
import JSONText
import Jobs
import Keys

/// `airlock seal RESULT... --kind results`: on the MTS side.
struct ResultSealing {
  let files: [String]
  /// The request that they answer.
  let answers: String
  let identityPath: String
  let signer: Identity
  let site: Card
  let into: String

  func run() throws -> StagedArchive {
    guard files.count < 1_000_000 else { throw UsageFault("there are too many files") }
    let folder = Paths.parent(of: identityPath)
    let request = try Keyring.beside(identity: identityPath).verified(
      UnverifiedArchive(path: answers))
    guard try ownCards(in: folder).contains(where: request.isSealed(to:)) else {
      throw UsageFault("the archive to answer was not sealed to \(signer.name)")
    }
    guard request.sender.name == site.name else {
      throw UsageFault(
        "the archive to answer is from \(request.sender.name), and --to is \(site.name)")
    }
    let parts = try files.map { path in
      (
        file: try OpenFile(path: path, rules: .named(limit: .max)),
        isCSV: try isCSV(path)
      )
    }
    return try SealedResults.seal(
      parts, answering: request, at: WallClock.system.now, to: site, signer: signer,
      into: Folder(path: into), sent: SentFile(in: Folder(path: folder)))
  }

  /// The request may have been sealed to a key that the signer's follows.
  private func ownCards(in folder: String) throws -> [Card] {
    guard identityPath.hasSuffix("/identity.json"), let keys = try KeyFolder.known(at: folder)
    else { return [signer.card] }
    return try keys.ownCards()
  }

  /// By its first byte that is not blank: the MTS gives no names.
  private func isCSV(_ path: String) throws -> Bool {
    let file = try OpenFile(path: path, rules: .named(limit: .max))
    var start = [UInt8](repeating: 0, count: 4096)
    let count = try start.withUnsafeMutableBytes { try file.read(into: $0) }
    let first = start.prefix(count).first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
    guard let first else {
      throw UsageFault(
        "\(Printable.quoted(path)) is empty", hint: "fetch the result from the MTS again")
    }
    return first != UInt8(ascii: "[")
  }
}
