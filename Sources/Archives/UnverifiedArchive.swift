internal import Faults
package import Files
package import Keys
internal import Secrets

/// An archive's file, of sound form: the header is canonical and its length is the one that the
/// header says. Who made it is not known; do not believe a word of the header.
package final class UnverifiedArchive {
  package let header: ArchiveHeader
  /// The bytes of the file.
  package var size: Int64 { file.size }

  let file: OpenFile
  let layout: ArchiveLayout
  let preamble: [UInt8]
  private let fileName: String
  private let signatureText: () throws -> [UInt8]

  /// Opens an archive that a person named; its signature is the file with `.minisig` behind its name.
  /// - Throws: `header`, `type`, `truncation`, `trailing_data`, `FileFault`.
  package convenience init(path: String) throws {
    let name = path.split(separator: "/").last.map(String.init) ?? ""
    let file: OpenFile
    do throws(FileFault) {
      file = try OpenFile(path: path, rules: .named(limit: Int64.max))
    } catch {
      // A pipe, say: no archive, whoever asks.
      guard error.blame == .input else { throw error }
      throw ArchiveFault(.header, error.code, error.message)
    }
    try self.init(file, name) {
      try SignatureFile.read(path: path + StagedArchive.signatureEnding)
    }
  }

  /// Opens an archive in a folder, never through a link. Throws as above.
  package convenience init(_ name: EntryName, in folder: Folder) throws {
    let rules = OpenRules.drop(limit: Int64.max)
    try self.init(OpenFile(name, in: folder, rules: rules), name.description) {
      try SignatureFile.read(name.appending(StagedArchive.signatureEnding), in: folder)
    }
  }

  private init(
    _ file: OpenFile, _ name: String, signature: @escaping () throws -> [UInt8]
  ) throws {
    preamble = try Preamble.read(file)
    header = try ArchiveHeader(
      parsing: Array(preamble[ArchiveLayout.magic.count..<(preamble.count - 1)]))
    layout = ArchiveLayout(preambleCount: preamble.count, payloadCount: header.payloadBytes)
    try layout.check(fileCount: file.size)
    self.file = file
    fileName = name
    signatureText = signature
  }

  /// What is odd, but no reason to refuse: names can be changed by anybody.
  package var warnings: [String] {
    guard fileName != header.fileName else { return [] }
    return ["the file is named \(Printable.quoted(fileName)), its header says \(header.fileName)"]
  }

  /// Checks the signature over the whole file, its comment, and that the header names this sender.
  /// - Throws: `signature`, `FileFault`.
  package func verified(by sender: Card) throws -> VerifiedArchive {
    guard header.sender.keyID == sender.keyID, header.sender.name == sender.name else {
      throw ArchiveFault(
        .signature, "other_sender",
        "the header names \(header.sender.name), key \(header.sender.keyID), not \(sender.name), "
          + "key \(sender.keyID)", hint: "use the card of the one who sent it")
    }
    // What costs little first: only the sender itself can make a reader hash gigabytes.
    let signature = try ArchiveSignature(
      signatureText(), of: header, preamble: preamble, by: sender.signing)
    let hashed = try HashedArchive(self)
    try signature.check(hashed)
    return VerifiedArchive(self, hashed, sender: sender)
  }

  /// The same with whichever card the header names.
  /// - Throws: `signature` also when none of them is the sender's.
  package func verified(byOneOf senders: [Card]) throws -> VerifiedArchive {
    guard let sender = senders.first(where: { $0.keyID == header.sender.keyID }) else {
      throw ArchiveFault(
        .signature, "unknown_sender",
        "there is no card of \(header.sender.name), key \(header.sender.keyID)",
        hint: "ask the sender for the card, compare its fingerprint, and `airlock keys add` it")
    }
    return try verified(by: sender)
  }
}

/// Reads the magic line and the header, bounded.
private enum Preamble {
  static func read(_ file: OpenFile) throws -> [UInt8] {
    let limit = ArchiveLayout.magic.count + ArchiveLayout.maxHeader + 1
    let start = try first(limit, of: file)
    try requireMagic(start)
    guard let end = start.dropFirst(ArchiveLayout.magic.count).firstIndex(of: 0x0A) else {
      if start.count == limit {
        throw ArchiveFault(.header, "header_too_large", "the header is too long")
      }
      throw ArchiveFault(
        .truncation, "cut_short", "the archive ends within its header", hint: "copy it again")
    }
    return Array(start[...end])
  }

  private static func first(_ limit: Int, of file: OpenFile) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: limit)
    var filled = 0
    while filled < limit {
      let count = try bytes.withUnsafeMutableBytes { buffer in
        try file.reading { () throws(FileFault) in
          try file.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
        }
      }
      if count == 0 { break }
      filled += count
    }
    return Array(bytes.prefix(filled))
  }

  private static func requireMagic(_ start: [UInt8]) throws(ArchiveFault) {
    if start.starts(with: ArchiveLayout.magic) { return }
    if ArchiveLayout.magic.starts(with: start) {
      throw ArchiveFault(
        .truncation, "cut_short", "the archive ends within its first line", hint: "copy it again")
    }
    if start.starts(with: ArchiveLayout.magicStart) {
      let isOld = start.starts(with: ArchiveLayout.magicOfVersion1)
      throw ArchiveFault(
        .header, "version_unknown",
        isOld
          ? "the archive is of version 1, which was never released and is not read any more"
          : "the archive is of a version that this Airlock does not know",
        hint: isOld
          ? "have it sealed anew by an Airlock of today" : "a newer Airlock wrote it")
    }
    throw ArchiveFault(.header, "not_an_archive", "this is not an Airlock archive")
  }
}
