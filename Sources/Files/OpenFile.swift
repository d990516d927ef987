internal import Glibc

/// A regular file, open for reading from front to end, exactly as long as it was when opened.
///
/// A file that turns out longer or shorter is refused while it is read, so that neither a file
/// that grows for ever nor one that claims no size can keep a reader busy.
package final class OpenFile {
  /// What the file was when it was opened.
  package let status: EntryStatus
  /// How many bytes were read so far.
  package private(set) var position: Int64 = 0

  private let descriptor: Int32
  private let shown: String

  /// Opens `name` in `folder` if it obeys `rules`. Opening never blocks and never changes anything:
  /// a pipe, a socket or a device is refused without waiting for a writer.
  package convenience init(
    _ name: EntryName, in folder: Folder, rules: OpenRules
  ) throws(FileFault) {
    let flags = Self.flags(rules)
    let shown = folder.shown(name)
    let opened = SystemCall.attempt { unsafe openat(folder.descriptor, name.cString, flags) }
    try self.init(opened, shown, rules)
  }

  /// The same by path, for files that a person named.
  package convenience init(path: String, rules: OpenRules) throws(FileFault) {
    let flags = Self.flags(rules)
    let opened = SystemCall.attempt { unsafe open(path, flags) }
    try self.init(opened, Printable.quoted(path), rules)
  }

  private init(
    _ opened: (result: Int32, errno: Int32), _ shown: String, _ rules: OpenRules
  ) throws(FileFault) {
    guard opened.result >= 0 else { throw Self.refusal(shown, opened.errno) }
    do {
      status = try statusOf(opened.result, shown)
      try rules.check(status, shown)
    } catch {
      close(opened.result)
      throw error
    }
    descriptor = opened.result
    self.shown = shown
    posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL)
  }

  deinit { close(descriptor) }

  package var size: Int64 { status.size }

  /// Reads the next bytes into `buffer` and returns how many; 0 at the end (or for no room).
  /// Throws `changedWhileReading` as soon as the file proves longer or shorter than it was.
  package func read(into buffer: UnsafeMutableRawBufferPointer) throws(FileFault) -> Int {
    guard let start = buffer.baseAddress, buffer.count > 0 else { return 0 }
    let count = try SystemCall.run("read", shown) {
      unsafe Glibc.read(descriptor, start, buffer.count)
    }
    position += Int64(count)
    guard position <= size, count > 0 || position == size else {
      throw FileFault(.changedWhileReading, "\(shown) changed while it was read")
    }
    return count
  }

  /// Goes back to the first byte, to read the same open file again.
  package func rewind() throws(FileFault) {
    try SystemCall.run("rewind", shown) { lseek(descriptor, 0, SEEK_SET) }
    position = 0
  }

  /// Whether some of it takes no room on the disk, and is read as zeros. Where the file system cannot
  /// tell, it has none.
  package var hasHole: Bool {
    let hole = lseek(descriptor, 0, Self.seekHole)
    lseek(descriptor, off_t(position), SEEK_SET)
    return hole >= 0 && hole < size
  }

  /// `SEEK_HOLE` of lseek(2), which Glibc's map does not show.
  private static let seekHole: Int32 = 4

  /// Reads all that is left; for small files.
  package func readAll() throws(FileFault) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: Int(size - position) + 1)
    var filled = 0
    while true {
      var rest = bytes.mutableSpan
      let count = unsafe try rest.withUnsafeMutableBytes { buffer throws(FileFault) in
        unsafe try read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
      }
      if count == 0 { break }
      filled += count
    }
    bytes.removeLast(bytes.count - filled)
    return bytes
  }

  /// Throws `changedWhileReading` unless size and times are still what they were at opening.
  package func requireUnchanged() throws(FileFault) {
    guard try isUnchanged() else {
      throw FileFault(.changedWhileReading, "\(shown) changed while it was read")
    }
  }

  /// Whether size and mtime are still what they were when the file was opened.
  package func isUnchanged() throws(FileFault) -> Bool {
    let now = try statusOf(descriptor, shown)
    return now.size == status.size && now.modified == status.modified
  }

  private static func flags(_ rules: OpenRules) -> Int32 {
    O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | (rules.followsLinks ? 0 : O_NOFOLLOW)
  }

  /// What open(2) says when the name is not a file at all.
  private static func refusal(_ shown: String, _ number: Int32) -> FileFault {
    switch number {
    case ELOOP: FileFault(.symbolicLink, "\(shown) is a symbolic link", errno: number)
    case ENXIO, ENODEV: FileFault(.notARegularFile, "\(shown) is not a regular file", errno: number)
    default: FileFault("open", shown, errno: number)
    }
  }
}
