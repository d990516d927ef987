internal import CLinux
internal import Glibc

/// Copies between open files.
package enum FileCopy {
  /// As much as one call may take.
  private static let pieceBytes = 1 << 20

  /// Copies what is left of one file to where the other stands. Where the kernel can, it does so itself,
  /// and where blocks can be shared, none is written.
  /// - Parameter name: of the source, for the fault.
  /// - Throws: `FileFault`.
  package static func rest(
    of source: Int32, to target: Int32, named name: String
  ) throws(FileFault) {
    while true {
      let (count, number) = SystemCall.attempt {
        copy_file_range(source, nil, target, nil, pieceBytes, 0)
      }
      if count == 0 { return }
      guard count < 0 else { continue }
      // What a kernel or a file system says that cannot, or must not.
      guard [ENOSYS, EOPNOTSUPP, EXDEV, EINVAL, EPERM].contains(number) else {
        throw FileFault("copy", name, errno: number)
      }
      return try byHand(source, target, name)
    }
  }

  static func byHand(_ source: Int32, _ target: Int32, _ name: String) throws(FileFault) {
    var piece = [UInt8](repeating: 0, count: pieceBytes)
    while true {
      let count = try SystemCall.run("copy", name) { unsafe read(source, &piece, piece.count) }
      guard count > 0 else { return }
      var done = 0
      while done < count {
        done += try SystemCall.run("copy", name) {
          unsafe write(target, Array(piece[done..<count]), count - done)
        }
      }
    }
  }
}
