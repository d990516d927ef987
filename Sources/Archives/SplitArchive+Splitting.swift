package import Files
internal import Secrets

extension SplitArchive {
  /// Cuts an archive into parts, and writes their list last: where it is, all is.
  /// - Parameter partBytes: of each part but the last, which may be smaller.
  /// - Throws: as `UnverifiedArchive` for what is no whole archive; `signature` without a sound
  ///   signature beside it; `draft` for too many parts; `FileFault`. No part is left then.
  package static func split(
    path: String, partBytes: Int64, into folder: Folder
  ) throws -> SplitArchive {
    let archive = try UnverifiedArchive(path: path)
    let name = try DropName(path.split(separator: "/").last ?? "")
    let signature = try SignatureFile.read(path: path + StagedArchive.signatureEnding)
    do { _ = try MinisignSignature(parsing: signature) } catch {
      throw ArchiveFault(.signature, error.code, error.message, hint: error.hint)
    }
    let needed = (archive.size - 1) / partBytes + 1
    guard needed <= mostParts else {
      throw ArchiveFault(
        .draft, "too_many_parts", "this makes \(needed) parts, more than \(mostParts)",
        hint: "choose a larger --size")
    }
    guard try !folder.exists(EntryName(name.text + ending)) else {
      throw FileFault(.alreadyThere, "there is a list of parts of \(name) already")
    }
    var cutting = Cutting(file: archive.file, name: name, folder: folder)
    do {
      try cutting.run(partBytes, count: Int(needed))
      let split = SplitArchive(
        name: name, bytes: archive.size, digest: cutting.whole.finish(), parts: cutting.parts,
        signature: String(decoding: signature, as: UTF8.self))
      try AtomicFile.write(split.text, as: EntryName(split.listName), in: folder)
      return split
    } catch {
      cutting.discard()
      throw error
    }
  }
}

/// An archive's file on its way into parts.
private struct Cutting {
  let file: OpenFile
  let name: DropName
  let folder: Folder
  let whole = DigestStream()
  private(set) var parts: [SplitArchive.Part] = []
  private let buffer = ChunkBuffer(count: 1 << 18)

  init(file: OpenFile, name: DropName, folder: Folder) {
    (self.file, self.name, self.folder) = (file, name, folder)
  }

  /// FAT knows no modes, so the parts have the default one.
  mutating func run(_ partBytes: Int64, count: Int) throws {
    try file.rewind()
    for index in 0..<count {
      let part = try StagedFile(EntryName(SplitArchive.partName(name, index)), in: folder)
      let digest = DigestStream()
      while part.count < partBytes {
        let room = Int(min(partBytes - part.count, Int64(buffer.bytes.count)))
        let read = try file.read(
          into: UnsafeMutableRawBufferPointer(rebasing: buffer.bytes[..<room]))
        if read == 0 { break }
        whole.update(buffer.prefix(read))
        digest.update(buffer.prefix(read))
        try part.write(buffer.prefix(read))
      }
      try part.commit()
      parts.append(SplitArchive.Part(bytes: part.count, digest: digest.finish()))
    }
    try file.requireUnchanged()
  }

  func discard() {
    for index in parts.indices {
      _ = try? folder.removeIfThere(EntryName(SplitArchive.partName(name, index)))
    }
  }
}
