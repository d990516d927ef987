internal import CLinux
internal import Glibc

extension Folder {
  /// Moves `name` into `target` under the name `newName`, in one step. Without `replacing` it
  /// throws `alreadyThere` when that name is taken; onto another file system it throws
  /// `otherFileSystem`. Neither folder is synced.
  package func rename(
    _ name: EntryName, to target: Folder, as newName: EntryName, replacing: Bool = false
  ) throws(FileFault) {
    let before = try status(of: name)
    var (result, number) = SystemCall.attempt {
      unsafe renameat2(
        descriptor, name.cString, target.descriptor, newName.cString,
        replacing ? 0 : RenameNoReplace)
    }
    // Some file systems (NFS, old FUSE) do not know the flag.
    if result == -1, !replacing, number == EINVAL || number == ENOSYS {
      (result, number) = try moveWithoutFlag(name, to: target, as: newName)
    }
    guard result == -1 else { return }
    if number == ENOENT, try target.holds(before, as: newName) { return }
    throw FileFault(
      "rename \(shown(name)) to", target.shown(newName), errno: number)
  }

  /// Over NFS the answer to a rename can get lost: its repetition then finds nothing, though all
  /// is done.
  private func holds(_ status: EntryStatus?, as name: EntryName) throws(FileFault) -> Bool {
    guard let status, let there = try self.status(of: name) else { return false }
    return there.inode == status.inode && there.device == status.device
  }

  /// A link refuses a taken name by itself. Where there are no links (FAT, folders) what is left is
  /// to look first: sound as long as only the holder of the site's lock publishes.
  private func moveWithoutFlag(
    _ name: EntryName, to target: Folder, as newName: EntryName
  ) throws(FileFault) -> (Int32, Int32) {
    let linked = SystemCall.attempt {
      unsafe linkat(descriptor, name.cString, target.descriptor, newName.cString, 0)
    }
    if linked.result == 0 {
      return SystemCall.attempt { unsafe unlinkat(descriptor, name.cString, 0) }
    }
    guard [EPERM, ENOTSUP, ENOSYS, EMLINK, EINVAL].contains(linked.errno) else { return linked }
    if try target.exists(newName) { return (-1, EEXIST) }
    return SystemCall.attempt {
      unsafe renameat(descriptor, name.cString, target.descriptor, newName.cString)
    }
  }

  /// Removes a file (or link, pipe, …); throws `notFound` if there is none.
  package func remove(_ name: EntryName) throws(FileFault) {
    try SystemCall.run("remove", shown(name)) { unsafe unlinkat(descriptor, name.cString, 0) }
  }

  /// Removes a file if it is there, and says whether it was.
  @discardableResult
  package func removeIfThere(_ name: EntryName) throws(FileFault) -> Bool {
    let (result, number) = SystemCall.attempt { unsafe unlinkat(descriptor, name.cString, 0) }
    if result == -1, number == ENOENT { return false }
    guard result == 0 else { throw FileFault("remove", shown(name), errno: number) }
    return true
  }

  /// Removes an empty folder.
  package func removeFolder(_ name: EntryName) throws(FileFault) {
    try SystemCall.run("remove folder", shown(name)) {
      unsafe unlinkat(descriptor, name.cString, AT_REMOVEDIR)
    }
  }

  /// Removes a folder with all that is in it, links themselves and never what they lead to; does
  /// nothing if there is no such folder. Throws `folderNotEmpty` below 16 levels.
  package func removeTree(_ name: EntryName, depth: Int = 16) throws(FileFault) {
    guard let status = try status(of: name) else { return }
    guard status.kind == .folder else { return try remove(name) }
    guard depth > 0 else { throw FileFault("remove folder", shown(name), errno: ENOTEMPTY) }
    let inner = try subfolder(name)
    // In rounds, so that a folder of any size is emptied in bounded memory.
    while true {
      let names = try inner.firstNames(1_000)
      if names.isEmpty { break }
      for entry in names { try inner.removeTree(entry, depth: depth - 1) }
    }
    try removeFolder(name)
  }

  private func firstNames(_ limit: Int) throws(FileFault) -> [EntryName] {
    var names: [EntryName] = []
    do {
      try scan(limit: limit) {
        names.append($0)
        return true
      }
    } catch {
      throw error as? FileFault ?? FileFault(.misuse, "a scan of \(shown) failed")
    }
    return names
  }
}
