internal import Glibc

/// A moment on the file system's clock.
package struct FileTime: Hashable, Sendable, Comparable {
  /// Seconds since 1970 (before it: negative), and nanoseconds within that second.
  package let seconds: Int
  package let nanoseconds: Int

  package init(seconds: Int, nanoseconds: Int) {
    self.seconds = seconds
    self.nanoseconds = nanoseconds
  }

  package static func < (a: FileTime, b: FileTime) -> Bool {
    (a.seconds, a.nanoseconds) < (b.seconds, b.nanoseconds)
  }
}

/// What a name stands for.
package enum EntryKind: String, Sendable, Hashable {
  case regular = "regular file"
  case folder = "folder"
  case symbolicLink = "symbolic link"
  case fifo = "named pipe"
  case socket = "socket"
  case device = "device"
  case other = "special file"

  init(mode: mode_t) {
    switch mode & S_IFMT {
    case S_IFREG: self = .regular
    case S_IFDIR: self = .folder
    case S_IFLNK: self = .symbolicLink
    case S_IFIFO: self = .fifo
    case S_IFSOCK: self = .socket
    case S_IFCHR, S_IFBLK: self = .device
    default: self = .other
    }
  }
}

/// What must hold still before a file counts as complete. `changed` is the time that nobody can
/// set by hand (ctime), so that an edit behind a restored mtime shows too.
package struct FileStamp: Hashable, Sendable {
  package let size: Int64
  package let modified: FileTime
  package let changed: FileTime
  package let device: UInt64
  package let inode: UInt64

  package init(size: Int64, modified: FileTime, changed: FileTime, device: UInt64, inode: UInt64) {
    self.size = size
    self.modified = modified
    self.changed = changed
    self.device = device
    self.inode = inode
  }
}

/// What stat(2) says of an entry.
package struct EntryStatus: Hashable, Sendable {
  package let kind: EntryKind
  package let stamp: FileStamp
  /// The number of names (hard links).
  package let links: UInt64
  /// The user id of the owner.
  package let owner: UInt32
  /// The group id.
  package let group: UInt32
  /// The permission bits, with set-uid, set-gid and sticky: 0o0000 to 0o7777.
  package let mode: UInt32

  package var size: Int64 { stamp.size }
  package var modified: FileTime { stamp.modified }
  package var device: UInt64 { stamp.device }
  package var inode: UInt64 { stamp.inode }

  /// Whether only the owner can read or write it.
  package var isPrivate: Bool { mode & 0o077 == 0 }

  /// Whether anybody but the owner can put files there: group- or world-writable.
  package var isWritableByOthers: Bool { mode & 0o022 != 0 }

  init(_ status: stat) {
    kind = EntryKind(mode: status.st_mode)
    stamp = FileStamp(
      size: Int64(status.st_size), modified: FileTime(status.st_mtim),
      changed: FileTime(status.st_ctim), device: UInt64(status.st_dev),
      inode: UInt64(status.st_ino))
    links = UInt64(status.st_nlink)
    owner = status.st_uid
    group = status.st_gid
    mode = status.st_mode & 0o7777
  }
}

extension FileTime {
  init(_ time: timespec) { self.init(seconds: time.tv_sec, nanoseconds: time.tv_nsec) }
}
