package import Faults
internal import Glibc

/// Why the file system, or a file in it, was refused.
package struct FileFault: Fault, Equatable {
  /// The class of the fault; its raw value is the code.
  package enum Kind: String, Sendable, Hashable, CaseIterable {
    case notFound = "not_found"
    case alreadyThere = "already_there"
    case notPermitted = "not_permitted"
    case readOnly = "read_only"
    case diskFull = "disk_full"
    case quotaExceeded = "quota_exceeded"
    case fileTooLargeForSystem = "file_too_large_for_system"
    case ioError = "io_error"
    case staleHandle = "stale_handle"
    case otherFileSystem = "other_file_system"
    case tooManyOpenFiles = "too_many_open_files"
    case notAFolder = "not_a_folder"
    case folderNotEmpty = "folder_not_empty"
    case tooManyEntries = "too_many_entries"
    case symbolicLink = "symbolic_link"
    case notARegularFile = "not_a_regular_file"
    case hardLinked = "hard_linked"
    case foreignOwner = "foreign_owner"
    case exposed = "exposed"
    case tooLarge = "too_large"
    case changedWhileReading = "changed_while_reading"
    case badName = "bad_name"
    case locked = "locked"
    case shortWrite = "short_write"
    case misuse = "misuse"
    case other = "system_error"
  }

  /// The class of the fault.
  package let kind: Kind
  /// The system's error number, where a system call failed.
  package let errno: Int32?
  package let message: String

  package var code: String { kind.rawValue }

  package var blame: Blame {
    switch kind {
    case .symbolicLink, .notARegularFile, .hardLinked, .foreignOwner, .tooLarge,
      .changedWhileReading, .badName:
      .input
    case .misuse: .bug
    default: .environment
    }
  }

  /// A fault found by other means than a system call. `message` must be printable as it is: put
  /// names through `Printable`.
  package init(_ kind: Kind, _ message: String, errno: Int32? = nil) {
    self.kind = kind
    self.errno = errno
    self.message = message
  }

  /// A failed system call: `action` is it in words, `subject` the path, already printable.
  init(_ action: String, _ subject: String, errno: Int32) {
    let reason = unsafe String(cString: strerror(errno))
    self.init(
      Kind(errno: errno), "cannot \(action) \(subject): \(reason.lowercased())", errno: errno)
  }
}

extension FileFault.Kind {
  /// The class that an error number stands for.
  init(errno: Int32) {
    self = Self.byNumber[errno] ?? .other
  }

  private static let byNumber: [Int32: FileFault.Kind] = [
    ENOENT: .notFound, EEXIST: .alreadyThere, EACCES: .notPermitted, EPERM: .notPermitted,
    EROFS: .readOnly, ENOSPC: .diskFull, EDQUOT: .quotaExceeded, EFBIG: .fileTooLargeForSystem,
    EIO: .ioError, ESTALE: .staleHandle, EXDEV: .otherFileSystem, EMFILE: .tooManyOpenFiles,
    ENFILE: .tooManyOpenFiles, ENOTDIR: .notAFolder, ENOTEMPTY: .folderNotEmpty,
    ELOOP: .symbolicLink, ENAMETOOLONG: .badName,
  ]
}
