internal import CArchive

/// The files of a tar or zip stream, one after the other.
final class PackedFiles {
  private let archive: ArchiveHandle
  private let container: Container
  private let rules: EntryRules
  private var names: Set<String> = []
  private var entries = 0
  private var current = ""
  private var currentBytes: Int64 = 0
  private var meter: ExpansionMeter
  private var isDone = false

  init(_ container: Container, rules: EntryRules, _ source: @escaping ByteSource) throws {
    self.container = container
    self.rules = rules
    meter = ExpansionMeter(rules.limits)
    archive = unsafe try ArchiveHandle(source) { archive in
      unsafe [
        container == .zip
          ? archive_read_support_format_zip_streamable(archive)
          : archive_read_support_format_tar(archive)
      ]
    }
  }

  /// The next file; `nil` once the stream has ended soundly, with nothing behind it.
  func next() throws -> TarballEntry? {
    while !isDone {
      try skipRest()
      let before = archive.consumed
      guard let entry = unsafe try nextHeader() else {
        try requireSoundEnd(before)
        isDone = true
        break
      }
      if case .take(let file) = try unsafe admit(entry) { return file }
    }
    return nil
  }

  /// Reads bytes of the current file; 0 at its end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    guard entries > 0, !isDone else { return 0 }
    let count = unsafe try archive.read(into: buffer)
    currentBytes += Int64(count)
    try rules.requireSize(currentBytes, current)
    try meter.note(count, packed: archive.feed.total)
    return count
  }

  private func skipRest() throws {
    guard entries > 0 else { return }
    try archive.check(unsafe archive_read_data_skip(archive.pointer))
  }

  /// The next header, or `nil` at the end. The one warning let through is that a name cannot be
  /// written in the C locale: names are read as UTF-8 here.
  private func nextHeader() throws -> OpaquePointer? {
    var entry: OpaquePointer?
    let status = unsafe archive_read_next_header(archive.pointer, &entry)
    if status == ARCHIVE_EOF { return nil }
    let isAboutLocale = status == ARCHIVE_WARN && archive.complaint.contains("an't be converted")
    if !isAboutLocale { try archive.check(status) }
    return unsafe entry
  }

  private func admit(_ entry: OpaquePointer) throws -> EntryRules.Answer {
    entries += 1
    guard entries <= rules.limits.entries else {
      throw TarballFault(
        .tooManyEntries, "the input holds more than \(rules.limits.entries) entries")
    }
    let answer = try unsafe rules.judge(entry)
    if case .take(let file) = answer, let name = file.name {
      guard names.insert(name).inserted else {
        throw TarballFault(.duplicateEntry, "\"\(printable(name))\" is there twice")
      }
      current = printable(name)
      currentBytes = 0
    }
    return answer
  }

  /// libarchive takes the end of the bytes for the end of the archive; a tar that was cut between
  /// two files, or a zip without its directory, must not pass.
  private func requireSoundEnd(_ before: Int64) throws {
    let end = archive.consumed
    try archive.feed.drain()
    switch container {
    case .zip: try ZipEnd.require(in: archive.feed.tail, entries: entries)
    case .tar, .single: try requireTarEnd(from: before, to: end)
    }
  }

  /// Two blocks of zeros end a tar (POSIX pax, "ustar Interchange Format"). Behind them drops may
  /// have more zeros, up to a full tape record; ours have nothing.
  private func requireTarEnd(from start: Int64, to end: Int64) throws(TarballFault) {
    guard end - start >= 1_024 else {
      throw TarballFault(.cutShort, "the tar ends without its end mark")
    }
    let isClean =
      rules.isLenient ? archive.feed.totalToLastNonZero <= end : archive.feed.total == end
    guard isClean else {
      throw TarballFault(.trailingData, "the tar is followed by something else")
    }
  }
}
