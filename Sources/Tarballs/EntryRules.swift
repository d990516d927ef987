internal import CArchive

/// One file of a packed stream.
package struct TarballEntry: Sendable, Hashable {
  /// The relative path, with `/` between its parts, without `./`; `nil` for a lone file.
  package let name: String?
  /// The size in bytes, where the stream says it beforehand.
  package let size: Int64?
}

/// What may be in a packed stream, and what of it counts: folders and the droppings of desktops are
/// passed over.
struct EntryRules {
  let limits: TarballLimits
  /// The name of a folder whose files nobody asks for: they are counted, and nothing else.
  var idleFolder: String?

  /// What to do with an entry.
  enum Answer {
    case take(TarballEntry)
    case skip
    /// A file in the idle folder.
    case passOver
  }

  /// Judges an entry; throws the rule that it breaks.
  func judge(_ entry: OpaquePointer) throws(TarballFault) -> Answer {
    let kind = unsafe archive_entry_filetype(entry) & 0o170000
    let name = try unsafe relativeName(entry, isFolder: kind == 0o040000)
    try unsafe requirePlain(entry, name)
    if kind == 0o040000 { return .skip }
    guard kind == 0o100000 else {
      throw TarballFault(.specialEntry, "\"\(name)\" is a device, pipe or socket")
    }
    if Self.isDesktopJunk(name) { return .skip }
    let size = unsafe archive_entry_size_is_set(entry) != 0 ? archive_entry_size(entry) : nil
    try requireSize(size ?? 0, name)
    if let idleFolder, name.split(separator: "/").dropLast().last == idleFolder[...] {
      return .passOver
    }
    return .take(TarballEntry(name: name, size: size))
  }

  /// Throws `entryTooLarge` beyond the limit for one entry.
  func requireSize(_ size: Int64, _ name: String) throws(TarballFault) {
    guard size >= 0, size <= limits.entryBytes else {
      throw TarballFault(.entryTooLarge, "\"\(name)\" has more than \(limits.entryBytes) bytes")
    }
  }

  private func requirePlain(_ entry: OpaquePointer, _ name: String) throws(TarballFault) {
    let isLink =
      unsafe archive_entry_symlink(entry) != nil
      || archive_entry_hardlink(entry) != nil
      || archive_entry_filetype(entry) & 0o170000 == 0o120000
    guard !isLink else { throw TarballFault(.linkEntry, "\"\(name)\" is a link") }
    guard unsafe archive_entry_is_encrypted(entry) == 0 else {
      throw TarballFault(.encryptedEntry, "\"\(name)\" is encrypted")
    }
  }

  /// The name as it is written.
  private func writtenName(_ entry: OpaquePointer) throws(TarballFault) -> String {
    guard let text = unsafe archive_entry_pathname_utf8(entry) ?? archive_entry_pathname(entry)
    else { throw TarballFault(.badEntryName, "an entry has no name") }
    if let name = unsafe String(validatingCString: text) { return name }
    // What an entry is for is told by letters that all encodings share.
    return unsafe OldEncoding.text(bytes(of: text))
  }

  private func bytes(of text: UnsafePointer<CChar>) -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count <= limits.nameBytes, unsafe text[bytes.count] != 0 {
      unsafe bytes.append(UInt8(bitPattern: text[bytes.count]))
    }
    return bytes
  }

  /// The name without `./` and without the slash of a folder. A drop's names lead nowhere: they are
  /// never a place on the disk, so that one may begin with `/`, and `\` is Windows' `/`.
  private func relativeName(
    _ entry: OpaquePointer, isFolder: Bool
  ) throws(TarballFault) -> String {
    let name = try unsafe writtenName(entry)
    guard name.utf8.count <= limits.nameBytes else {
      throw TarballFault(.badEntryName, "an entry's name is longer than \(limits.nameBytes) bytes")
    }
    var parts = name.split(omittingEmptySubsequences: false) { character in
      character == "/" || character == "\\"
    }[...]
    if parts.count > 1, parts.first == "" { parts = parts.dropFirst() }
    if isFolder, parts.count > 1, parts.last == "" { parts = parts.dropLast() }
    if isFolder, parts == ["."] { return "." }
    if parts.count > 1, parts.first == "." { parts = parts.dropFirst() }
    guard parts.allSatisfy(Self.isPlain) else {
      throw TarballFault(.badEntryName, "\"\(printable(name))\" is not a plain relative name")
    }
    return parts.joined(separator: "/")
  }

  private static func isPlain(_ part: Substring) -> Bool {
    !part.isEmpty && part != "." && part != ".."
      && part.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0 != "\\" && $0.value != 0x7F }
  }

  private static func isDesktopJunk(_ name: String) -> Bool {
    let parts = name.split(separator: "/")
    let last = parts.last ?? ""
    return parts.first == "__MACOSX" || last.hasPrefix("._")
      || [".DS_Store", "Thumbs.db", "desktop.ini"].contains(last)
  }
}
