internal import Glibc

/// The right of one process to work in a folder: flock(2) on a file in it, for as long as this
/// object lives. The kernel gives it back when the process dies, however it dies, so there are no
/// stale locks; the file itself is never removed, because a lock on a removed name protects
/// nothing.
package final class FolderLock: Sendable {
  private let descriptor: Int32

  /// Takes the lock, or throws `locked` at once if another holds it, with the process id that it
  /// left in the file.
  package init(_ name: EntryName = ".lock", in folder: Folder) throws(FileFault) {
    let flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK
    let shown = folder.shown(name)
    let opened = try SystemCall.run("open lock file", shown) {
      unsafe openat(folder.descriptor, name.cString, flags, 0o600)
    }
    do {
      try OpenRules(limit: 4_096).check(try statusOf(opened, shown), shown)
      try Self.take(opened, shown)
      try Self.sign(opened, shown)
    } catch {
      close(opened)
      throw error
    }
    descriptor = opened
  }

  deinit { close(descriptor) }

  private static func take(_ descriptor: Int32, _ shown: String) throws(FileFault) {
    let (result, number) = SystemCall.attempt { flock(descriptor, LOCK_EX | LOCK_NB) }
    guard result == -1 else { return }
    guard number == EWOULDBLOCK else { throw FileFault("lock", shown, errno: number) }
    let holder = holder(descriptor).map { "process \($0)" } ?? "another process"
    throw FileFault(.locked, "\(shown) is locked by \(holder)", errno: number)
  }

  /// Leaves our process id, for people; nothing depends on it.
  private static func sign(_ descriptor: Int32, _ shown: String) throws(FileFault) {
    let line = Array("\(getpid())\n".utf8)
    try SystemCall.run("write lock file", shown) { ftruncate(descriptor, 0) }
    try SystemCall.run("write lock file", shown) {
      unsafe line.withUnsafeBytes { unsafe pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    }
  }

  private static func holder(_ descriptor: Int32) -> Int? {
    var bytes = [UInt8](repeating: 0, count: 20)
    let count = unsafe bytes.withUnsafeMutableBytes {
      unsafe pread(descriptor, $0.baseAddress, $0.count, 0)
    }
    guard count > 0 else { return nil }
    return Int(String(decoding: bytes.prefix(count).prefix { $0 != 0x0A }, as: UTF8.self))
  }
}
