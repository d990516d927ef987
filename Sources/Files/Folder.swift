internal import Glibc

// The file system, made safe to use.
//
// Everything that Airlock does with files goes through this module: folders are held open and
// entered by descriptor, so that a parent that is swapped for a link is harmless; files are opened
// without following links and must be what they seem; what is published is written under another
// name, checked, synced and renamed. Nothing here knows what is in a file, and nothing here may
// ever follow a link inside a site, overwrite in place, or try a failed fsync a second time.

/// An open folder. Names are looked up in this very folder, whatever becomes of its path.
package final class Folder: Sendable {
  /// The path by which it was opened: for messages, and for libraries that must have a path.
  package let path: String
  let descriptor: Int32

  /// Opens a folder by path. A link as the last step of the path is followed only if `following`;
  /// otherwise it throws `notAFolder` or `symbolicLink`.
  package init(path: String, following: Bool = true) throws(FileFault) {
    let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | (following ? 0 : O_NOFOLLOW)
    descriptor = try SystemCall.run("open folder", Printable.quoted(path)) {
      unsafe open(path, flags)
    }
    self.path = path
  }

  /// Opens a folder by path and makes it first if it is not there (its parent must be): with
  /// exactly that mode whatever the umask.
  package convenience init(path: String, create mode: UInt32) throws(FileFault) {
    let (made, number) = SystemCall.attempt { unsafe mkdir(path, mode) }
    guard made == 0 || number == EEXIST else {
      throw FileFault("make folder", Printable.quoted(path), errno: number)
    }
    try self.init(path: path)
    guard made == 0 else { return }
    try SystemCall.run("set the mode of", shown) { fchmod(descriptor, mode) }
    try sync()
    try syncParent()
  }

  /// What `..` is of the very folder that was opened.
  private func syncParent() throws(FileFault) {
    let parent = try SystemCall.run("open the parent of", shown) {
      unsafe openat(descriptor, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    }
    try Folder(owning: parent, path: path + "/..").sync()
  }

  init(owning descriptor: Int32, path: String) {
    self.descriptor = descriptor
    self.path = path
  }

  deinit { close(descriptor) }

  /// The path of a name in this folder, for messages and for libraries that must have one.
  package func path(of name: EntryName) -> String {
    (path.hasSuffix("/") ? path : path + "/") + String(decoding: name.bytes, as: UTF8.self)
  }

  /// The path of a name, quoted and escaped.
  func shown(_ name: EntryName) -> String {
    Printable.quoted(utf8: Array((path.hasSuffix("/") ? path : path + "/").utf8) + name.bytes)
  }

  /// This folder's path, quoted and escaped.
  var shown: String { Printable.quoted(path) }

  /// Opens the folder `name` inside this one, never through a link. With `mode` it is made if it
  /// is not there: with exactly that mode whatever the umask, and synced into this folder.
  package func subfolder(_ name: EntryName, create mode: UInt32? = nil) throws(FileFault) -> Folder
  {
    let made = try mode.map { mode throws(FileFault) in try make(name, mode: mode) } ?? false
    let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
    let opened = try SystemCall.run("open folder", shown(name)) {
      unsafe openat(descriptor, name.cString, flags)
    }
    let folder = Folder(owning: opened, path: path(of: name))
    if made, let mode {
      try SystemCall.run("set the mode of", shown(name)) { fchmod(opened, mode) }
      try folder.sync()
      try sync()
    }
    return folder
  }

  /// Makes a folder; `false` when there is something of that name already.
  private func make(_ name: EntryName, mode: UInt32) throws(FileFault) -> Bool {
    let (made, number) = SystemCall.attempt { unsafe mkdirat(descriptor, name.cString, mode) }
    guard made == -1 else { return true }
    guard number == EEXIST else { throw FileFault("make folder", shown(name), errno: number) }
    return false
  }

  /// Makes what was renamed, made or removed here lasting (fsync of the folder). File systems that
  /// know no sync of folders say so with EINVAL, which is no failure.
  package func sync() throws(FileFault) {
    let (result, number) = SystemCall.attempt { fsync(descriptor) }
    guard result == -1, number != EINVAL else { return }
    throw FileFault("sync folder", shown, errno: number)
  }
}
