internal import Faults
internal import Files
package import Keys
internal import Secrets
package import Tarballs

/// What an opening made.
package struct OpenedArchive: Sendable {
  package let header: ArchiveHeader
  package let files: Int
  /// The bytes of all files together.
  package let bytes: Int64
  /// Of results: the archive that they answer.
  package let answers: ArchiveReference?
}

extension VerifiedArchive {
  /// Opens the archive into the folder at `path`, which must not exist or be empty. All is staged in
  /// a hidden folder beside it, checked to the last byte, synced, and then renamed. Files have mode
  /// 0600, folders 0700.
  /// - Throws: `no_matching_key`, `payload`, `truncation`, `trailing_data`, `type`, `destination`,
  ///   `signature` when the file changed since it was verified, `FileFault`. Nothing is left then.
  @discardableResult
  package func open(
    _ identity: Identity, into path: String, limits: TarballLimits = TarballLimits()
  ) throws -> OpenedArchive {
    let payload = try payload(for: identity)
    let destination = try Destination(path: path)
    do {
      var unpacking = Unpacking(
        content: ArchiveContent(header), folder: try destination.stage())
      try unpacking.run(payload, limits)
      try destination.publish()
      return OpenedArchive(
        header: header, files: unpacking.files, bytes: unpacking.bytes,
        answers: unpacking.content.answers)
    } catch {
      try? destination.discard()
      throw VerifiedArchive.named(error)
    }
  }

  /// What libarchive and we refuse in a payload is the payload's fault, not the drop's.
  static func named(_ error: any Error) -> any Error {
    guard let fault = error as? TarballFault, fault.blame == .input else { return error }
    return ArchiveFault(.payload, fault.code, "the payload: \(fault.message)")
  }
}

/// Where the files of an opening go, and how far it is.
private struct Unpacking {
  private(set) var content: ArchiveContent
  let folder: Folder
  private(set) var files = 0
  private(set) var bytes: Int64 = 0
  private var inner: Folder?
  /// Of a sealed drop's file, while it is written.
  private var digest: HashQueue<DigestStream>?
  private let buffer = ChunkBuffer(count: 1 << 18)

  init(content: ArchiveContent, folder: Folder) {
    self.content = content
    self.folder = folder
  }

  mutating func run(_ payload: PayloadReader, _ limits: TarballLimits) throws {
    let reader = try TarZstdReader(
      limits: limits, sourceBytes: content.header.payloadBytes, source: payload.read)
    while let entry = try reader.next() {
      try take(entry, reader)
      files += 1
    }
    try payload.requireEnd(frame: reader.frameBytes)
    try content.finish()
    try inner?.sync()
    try folder.sync()
  }

  private mutating func take(_ entry: TarballEntry, _ reader: TarZstdReader) throws {
    switch try content.admit(entry.name ?? "") {
    case .manifest:
      try content.requireManifest(entry.size ?? 0)
      let text = try write("manifest.json", in: folder, reader, isKept: true)
      try content.check(manifest: text)
    case .root(let name): try write(name, in: folder, reader)
    case .folder(let place, let name):
      let inner = try inner ?? folder.subfolder(EntryName(place), create: 0o700)
      self.inner = inner
      digest = content.drop == nil ? nil : HashQueue()
      try write(name, in: inner, reader)
      if let digest { content.take(drop: digest.finish()) }
    }
  }

  /// Writes a file, synced; its folder is synced once, at the end. Gives back its bytes if asked to.
  @discardableResult
  private mutating func write(
    _ name: String, in folder: Folder, _ reader: TarZstdReader, isKept: Bool = false
  ) throws -> [UInt8] {
    let file = try StagedFile(EntryName(name), in: folder)
    var kept: [UInt8] = []
    while true {
      let count = try reader.read(into: buffer.bytes)
      if count == 0 { break }
      try file.write(buffer.prefix(count))
      digest?.update(buffer.prefix(count))
      if isKept { kept += buffer.prefix(count) }
      bytes += Int64(count)
    }
    try file.seal()
    try folder.rename(file.temporaryName, to: folder, as: file.name)
    return kept
  }
}
