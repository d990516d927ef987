internal import Glibc

/// A file being written: under a temporary name in its own folder until `commit()`, so that a name
/// that is visible is complete.
///
/// Until it is committed, dropping it removes the temporary file. A crash leaves one behind;
/// `Folder.removeLeftovers()` finds those.
package final class StagedFile {
  /// The name that the file will have.
  package let name: EntryName
  /// The name that it has now.
  package let temporaryName: EntryName
  /// How many bytes were written so far.
  package private(set) var count: Int64 = 0

  private let folder: Folder
  private var descriptor: Int32
  private var state = State.writing

  private enum State { case writing, sealed, gone }

  /// Makes the temporary file, with exactly this mode whatever the umask.
  package init(_ name: EntryName, in folder: Folder, mode: UInt32 = 0o600) throws(FileFault) {
    var random = SystemRandomNumberGenerator()
    let token = String(random.next(upperBound: 0xFFFF_FFFF as UInt64) | 1 << 32, radix: 16)
    let temporary = try EntryName(utf8: Array(".".utf8) + name.bytes)
      .appending(".\(token.dropFirst())\(EntryName.stagedEnding)")
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
    descriptor = try SystemCall.run("create", folder.shown(temporary)) {
      unsafe openat(folder.descriptor, temporary.cString, flags, 0o600)
    }
    self.name = name
    self.folder = folder
    temporaryName = temporary
    if mode != 0o600 {
      try SystemCall.run("set the mode of", shown) { fchmod(descriptor, mode) }
    }
  }

  deinit { discard() }

  private var shown: String { folder.shown(temporaryName) }

  /// Appends all of `bytes`.
  package func write(_ bytes: UnsafeRawBufferPointer) throws(FileFault) {
    guard state == .writing else { throw FileFault(.misuse, "\(shown) is written after its end") }
    guard let start = bytes.baseAddress else { return }
    var done = 0
    while done < bytes.count {
      let written = try SystemCall.run("write", shown) {
        unsafe Glibc.write(descriptor, start + done, bytes.count - done)
      }
      guard written > 0 else { throw FileFault(.shortWrite, "\(shown) takes no more bytes") }
      count += Int64(written)
      done += written
    }
  }

  /// Appends all of `bytes`.
  package func write(_ bytes: [UInt8]) throws(FileFault) {
    unsafe try bytes.span.withUnsafeBytes { buffer throws(FileFault) in
      unsafe try write(buffer)
    }
  }

  /// Ends the writing: checks the length and syncs the file, which is then complete on the disk
  /// but not yet visible. A sync that fails is final: the kernel may have dropped the bytes, so the
  /// file is removed and never synced again.
  package func seal() throws(FileFault) {
    guard state == .writing else { return }
    do throws(FileFault) {
      let length = try statusOf(descriptor, shown).size
      guard length == count else {
        throw FileFault(.shortWrite, "\(shown) has \(length) bytes where \(count) were written")
      }
      try SystemCall.run("sync", shown) { fsync(descriptor) }
      try closeDescriptor()
      state = .sealed
    } catch {
      discard()
      throw error
    }
  }

  /// Seals the file if need be, gives it its name and syncs the folder. Without `replacing` it
  /// throws `alreadyThere` when the name is taken. When it throws, the temporary file is gone; only
  /// if the sync of the folder failed may the (complete) file stand under its name.
  package func commit(replacing: Bool = false) throws(FileFault) {
    guard state != .gone else { throw FileFault(.misuse, "\(shown) is committed after its end") }
    try seal()
    do {
      try folder.rename(temporaryName, to: folder, as: name, replacing: replacing)
    } catch {
      discard()
      throw error
    }
    state = .gone
    try folder.sync()
  }

  /// Leaves the sealed file under its temporary name, whatever becomes of this object: somebody has
  /// noted that it is there, and will give it its name.
  package func leave() throws(FileFault) -> EntryName {
    guard state == .sealed else { throw FileFault(.misuse, "\(shown) is left before it is sealed") }
    state = .gone
    return temporaryName
  }

  /// Removes the temporary file; does nothing after `commit()`.
  package func discard() {
    if descriptor >= 0 { close(descriptor) }
    descriptor = -1
    guard state != .gone else { return }
    state = .gone
    // Nobody can act on a failure here; the name says what it is, and start-up removes it.
    _ = try? folder.removeIfThere(temporaryName)
  }

  /// close(2) reports write errors of network file systems; it must never be repeated.
  private func closeDescriptor() throws(FileFault) {
    let result = close(descriptor)
    let number = errno
    descriptor = -1
    guard result == -1, number != EINTR else { return }
    throw FileFault("close", shown, errno: number)
  }
}
