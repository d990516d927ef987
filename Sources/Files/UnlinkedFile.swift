internal import Glibc

/// A file without a name, for what must not outlive the process: written once, read back from the
/// start. The system frees it when it is closed, however the process ends.
package final class UnlinkedFile {
  private let descriptor: Int32
  private let shown: String

  /// Makes the file on the folder's file system. Its name lasts for a moment only, and is one that
  /// `Folder.removeLeftovers()` knows.
  package init(in folder: Folder) throws(FileFault) {
    var random = SystemRandomNumberGenerator()
    let token = String(random.next(upperBound: 0xFFFF_FFFF as UInt64) | 1 << 32, radix: 16)
    let name = try EntryName(".unlinked.\(token.dropFirst())\(EntryName.stagedEnding)")
    shown = folder.shown(name)
    let flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
    descriptor = try SystemCall.run("create", shown) {
      unsafe openat(folder.descriptor, name.cString, flags, 0o600)
    }
    try folder.remove(name)
  }

  deinit { close(descriptor) }

  /// Appends all of `bytes`.
  package func write(_ bytes: UnsafeRawBufferPointer) throws(FileFault) {
    guard let start = bytes.baseAddress else { return }
    var done = 0
    while done < bytes.count {
      let written = try SystemCall.run("write", shown) {
        unsafe Glibc.write(descriptor, start + done, bytes.count - done)
      }
      guard written > 0 else { throw FileFault(.shortWrite, "\(shown) takes no more bytes") }
      done += written
    }
  }

  /// Goes back to the first byte.
  package func rewind() throws(FileFault) {
    try SystemCall.run("rewind", shown) { lseek(descriptor, 0, SEEK_SET) }
  }

  /// Fills all of `buffer` with the next bytes; throws `shortWrite` if there are not so many.
  package func read(filling buffer: UnsafeMutableRawBufferPointer) throws(FileFault) {
    guard let start = buffer.baseAddress else { return }
    var done = 0
    while done < buffer.count {
      let count = try SystemCall.run("read", shown) {
        unsafe Glibc.read(descriptor, start + done, buffer.count - done)
      }
      guard count > 0 else { throw FileFault(.shortWrite, "\(shown) lost bytes") }
      done += count
    }
  }
}
