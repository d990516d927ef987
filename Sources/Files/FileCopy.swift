internal import CLinux

/// Copies between open files.
package enum FileCopy {
  /// Copies what is left of one file to where the other stands, within the kernel (Linux 5.3 and later do
  /// so for any two files of one file system): where blocks can be shared, none is written.
  /// - Parameter name: of the source, for the fault.
  /// - Throws: `FileFault`.
  package static func rest(
    of source: Int32, to target: Int32, named name: String
  ) throws(FileFault) {
    while try SystemCall.run(
      "copy", name, { copy_file_range(source, nil, target, nil, 1 << 30, 0) }) > 0
    {}
  }
}
