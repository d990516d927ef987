internal import Faults
package import Files
internal import JSONText
internal import Secrets

extension SplitArchive {
  /// Puts an archive and its signature together from the parts beside their list.
  /// - Parameter path: of the list.
  /// - Throws: a `FaultList` of all parts that are missing (`part_missing`), cut, too long or
  ///   altered; what is wrong with the list; `FileFault`. Nothing is left then.
  package static func join(list path: String, into folder: Folder) throws -> SplitArchive {
    let rules = OpenRules.named(limit: Int64(limits.bytes))
    let split = try SplitArchive(parsing: OpenFile(path: path, rules: rules).readAll())
    let source = try Folder(path: path.lastIndex(of: "/").map { String(path[...$0]) } ?? ".")
    let name = split.name.entry
    let signatureName = try name.appending(StagedArchive.signatureEnding)
    // The very same signature is what a crash left of a joining that did not end.
    let rest = try? OpenFile(signatureName, in: folder, rules: .drop(limit: 1 << 16)).readAll()
    for taken in [name, signatureName] where try folder.exists(taken) {
      guard taken == signatureName, rest == Array(split.signature.utf8) else {
        throw FileFault(.alreadyThere, "there is a file \(taken) already")
      }
    }
    let archive = try StagedFile(name, in: folder)
    try split.write(archive, from: source)
    try archive.seal()
    try AtomicFile.write(split.signature, as: signatureName, in: folder, replacing: true)
    try archive.commit()
    return split
  }

  private func write(_ archive: StagedFile, from source: Folder) throws {
    let (whole, buffer) = (DigestStream(), ChunkBuffer(count: 1 << 18))
    var faults: [any Fault] = []
    for (index, part) in parts.enumerated() {
      do {
        // After the first fault the rest is only looked at, so that all are told at once.
        let isSound = faults.isEmpty
        try check(part, partName(index), in: source, buffer) { piece in
          guard isSound else { return }
          whole.update(piece)
          try archive.write(piece)
        }
      } catch let fault as ArchiveFault {
        faults.append(fault)
      }
    }
    if let all = FaultList(of: faults) { throw all }
    guard whole.finish() == digest else {
      throw ArchiveFault(
        .payload, "parts_differ", "the parts are whole, but not those of one archive",
        hint: "carry the list and all parts again")
    }
  }

  /// Reads a part to its end.
  /// - Throws: `ArchiveFault` for one that is not what the list says.
  private func check(
    _ part: Part, _ name: String, in source: Folder, _ buffer: ChunkBuffer,
    _ take: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    let entry = try EntryName(name)
    let again = "carry this part again"
    guard let status = try source.status(of: entry) else {
      throw ArchiveFault(
        .truncation, "part_missing", "part \(name) is missing",
        hint: "put all parts into the folder of the list")
    }
    guard status.size >= part.bytes else {
      throw ArchiveFault(
        .truncation, "part_cut",
        "part \(name) is cut: it has \(status.size) of \(part.bytes) bytes",
        hint: again)
    }
    guard status.size == part.bytes else {
      throw ArchiveFault(
        .trailingData, "part_too_long",
        "part \(name) has \(status.size) bytes, more than \(part.bytes)", hint: again)
    }
    let file = try OpenFile(entry, in: source, rules: .drop(limit: part.bytes))
    let digest = DigestStream()
    while true {
      let count = try file.read(into: buffer.bytes)
      if count == 0 { break }
      digest.update(buffer.prefix(count))
      try take(buffer.prefix(count))
    }
    guard digest.finish() == part.digest else {
      throw ArchiveFault(
        .payload, "part_altered", "part \(name) was altered, or its stick is bad", hint: again)
    }
  }
}
