package import Files
package import Secrets
internal import Tarballs

/// A file as it was dropped: unpacked and decompressed on the way, and digested from the very bytes
/// that are read.
package final class DropInput: SnapshotInput {
  private let file: OpenFile
  private let digest: DigestStream
  private let reader: InputReader

  /// - Throws: `TarballFault` if the first bytes are those of a broken tar, zip or compressed file.
  package init(_ file: OpenFile, limits: DropLimits = DropLimits()) throws {
    let digest = DigestStream()
    self.file = file
    self.digest = digest
    reader = try InputReader(limits: limits.tarball) { buffer in
      let count = try file.read(into: buffer)
      digest.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      return count
    }
  }

  package var isArchive: Bool { reader.container != .single }

  /// Whether what is inside does not stand in the file as it is.
  package var isPacked: Bool { reader.compression != .none || reader.container == .zip }

  package func next() throws -> String? { try reader.next().map { $0.name ?? "" } }

  package func passOver(folder: String) { reader.passOver(folder: folder) }

  package var passedOver: Int { reader.passedOver }

  package func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    try reader.read(into: buffer)
  }

  package func finish() throws -> Digest {
    try reader.drain()
    try file.requireUnchanged()
    return digest.finish()
  }
}

/// How much a packed drop may unfold to.
package struct DropLimits: Sendable {
  package var expandedBytes: Int64 = 64 << 30
  package var entries = 1_000

  package init() {}

  var tarball: TarballLimits {
    TarballLimits(expandedBytes: expandedBytes, entryBytes: expandedBytes, entries: entries)
  }
}

extension SnapshotSource {
  /// A drop in a folder.
  package static func drop(
    _ name: EntryName, in folder: Folder, rules: OpenRules, limits: DropLimits = DropLimits()
  ) -> SnapshotSource {
    SnapshotSource(name: name.text ?? "?") {
      try DropInput(OpenFile(name, in: folder, rules: rules), limits: limits)
    }
  }

  /// A file that a person named.
  package static func path(
    _ path: String, rules: OpenRules, limits: DropLimits = DropLimits()
  ) -> SnapshotSource {
    SnapshotSource(name: path.split(separator: "/").last.map(String.init) ?? path) {
      try DropInput(OpenFile(path: path, rules: rules), limits: limits)
    }
  }
}
