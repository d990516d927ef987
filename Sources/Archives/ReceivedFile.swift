package import Files
internal import Glibc

/// `received.json` beside an identity, held by one process at a time from reading to writing.
package final class ReceivedFile {
  package private(set) var streams: ReceivedStreams

  private let folder: Folder
  private let lock: FolderLock

  static let name: EntryName = "received.json"
  static let limit: Int64 = 64 << 20

  /// Takes the lock and reads. Where there is no file, nothing was received; what cannot be read is
  /// never taken for that.
  /// - Parameter folder: the identity's.
  /// - Throws: `replay` (`received_damaged`), `FileFault` (`locked`, `exposed`).
  package init(in folder: Folder) throws {
    lock = try FolderLock(".received.lock", in: folder)
    self.folder = folder
    guard try folder.exists(ReceivedFile.name) else {
      streams = ReceivedStreams()
      return
    }
    let rules = OpenRules(
      limit: ReceivedFile.limit, owners: [geteuid(), 0], mustBePrivate: true)
    streams = try ReceivedStreams(
      parsing: OpenFile(ReceivedFile.name, in: folder, rules: rules).readAll())
  }

  /// Writes how things stand now, whole or not at all; nothing if nothing changed.
  func move(to next: ReceivedStreams) throws(FileFault) {
    guard next != streams else { return }
    try AtomicFile.write(next.text, as: ReceivedFile.name, in: folder, replacing: true)
    streams = next
  }
}
