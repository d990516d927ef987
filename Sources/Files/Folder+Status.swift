internal import Glibc

extension Folder {
  /// What `name` stands for, links not followed; `nil` if there is nothing of that name.
  package func status(of name: EntryName) throws(FileFault) -> EntryStatus? {
    var status = stat()
    let (result, number) = SystemCall.attempt {
      unsafe fstatat(descriptor, name.cString, &status, AT_SYMLINK_NOFOLLOW)
    }
    if result == -1, number == ENOENT { return nil }
    guard result == 0 else { throw FileFault("look at", shown(name), errno: number) }
    return EntryStatus(status)
  }

  /// Whether there is anything of that name, a dangling link included.
  package func exists(_ name: EntryName) throws(FileFault) -> Bool {
    try status(of: name) != nil
  }

  /// What fstat(2) says of the folder itself.
  package func status() throws(FileFault) -> EntryStatus {
    try statusOf(descriptor, shown)
  }

  /// The bytes that this user may still write on the folder's file system.
  package func freeBytes() throws(FileFault) -> UInt64 {
    var space = statvfs()
    try SystemCall.run("ask for the free space of", shown) {
      unsafe fstatvfs(descriptor, &space)
    }
    return UInt64(space.f_bavail).multipliedReportingOverflow(by: UInt64(space.f_frsize))
      .partialValue
  }

  /// Whether the folder's path still leads to this very folder: false once it was deleted, made
  /// anew, swapped for a link to elsewhere, or hidden by a mount.
  package func isInPlace() throws(FileFault) -> Bool {
    let own = try status()
    guard let there = try? Folder(path: path, following: false).status() else { return false }
    return there.device == own.device && there.inode == own.inode
  }

  /// Throws `exposed` if others than the owner may write here, or if the folder belongs neither to
  /// this user nor to root: keys and policies must not lie in such a folder.
  package func requireTrusted() throws(FileFault) {
    let own = try status()
    guard own.owner == geteuid() || own.owner == 0 else {
      throw FileFault(.exposed, "folder \(shown) belongs to user id \(own.owner)")
    }
    guard !own.isWritableByOthers else {
      throw FileFault(.exposed, "folder \(shown) can be written to by others")
    }
  }
}

/// fstat(2) of an open descriptor.
func statusOf(_ descriptor: Int32, _ subject: String) throws(FileFault) -> EntryStatus {
  var status = stat()
  try SystemCall.run("look at", subject) { unsafe fstat(descriptor, &status) }
  return EntryStatus(status)
}
