internal import CArchive

/// The files of a tar or zip stream, one after the other.
final class PackedFiles {
  private let archive: ArchiveHandle
  private let container: Container
  private let locale = NameLocale()
  private var rules: EntryRules
  private var names: Set<String> = []
  /// All of them, as the directory of a zip counts.
  private var entries = 0
  /// How many files of the idle folder were passed over.
  private(set) var passedOver = 0
  /// Whether the file in hand is one of those.
  private var isIdle = false
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

  /// Passes over the files of folders of this name from here on.
  func passOver(folder: String) { rules.idleFolder = folder }

  /// The next file; `nil` once the stream has ended soundly, with nothing behind it.
  func next() throws -> TarballEntry? {
    while !isDone {
      try skipRest()
      let before = archive.consumed
      let answer = try locale.run { () throws -> EntryRules.Answer? in
        guard let entry = unsafe try nextHeader() else { return nil }
        return try unsafe admit(entry)
      }
      guard let answer else {
        try requireSoundEnd(before)
        isDone = true
        break
      }
      if case .take(let file) = answer { return file }
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
    if isIdle { try readIdle() }
    try archive.check(unsafe archive_read_data_skip(archive.pointer))
  }

  /// Reads a file that is passed over, so that its bytes are under the limits of all others.
  private func readIdle() throws {
    isIdle = false
    var scratch = [UInt8](repeating: 0, count: 65_536)
    while unsafe try scratch.withUnsafeMutableBytes({ unsafe try read(into: $0) }) > 0 {}
  }

  /// The next header, or `nil` at the end. The one warning let through is that a name cannot be
  /// written in the machine's encoding: whoever reads the name sees that.
  private func nextHeader() throws -> OpaquePointer? {
    var entry: OpaquePointer?
    let status = unsafe archive_read_next_header(archive.pointer, &entry)
    if status == ARCHIVE_EOF { return nil }
    let isAboutLocale = status == ARCHIVE_WARN && Self.isAboutName(archive.complaint)
    if !isAboutLocale { try archive.check(status) }
    return unsafe entry
  }

  private static func isAboutName(_ complaint: String) -> Bool {
    complaint.contains("an't be converted") || complaint.contains("annot be converted")
  }

  private func admit(_ entry: OpaquePointer) throws -> EntryRules.Answer {
    entries += 1
    let answer = try unsafe rules.judge(entry)
    if case .passOver = answer {
      passedOver += 1
      (isIdle, current, currentBytes) = (true, "a file that is passed over", 0)
      try require(passedOver, atMost: rules.limits.idleEntries)
    }
    try require(entries - passedOver, atMost: rules.limits.entries)
    if case .take(let file) = answer, let name = file.name {
      guard names.insert(name).inserted else {
        throw TarballFault(.duplicateEntry, "\"\(printable(name))\" is there twice")
      }
      current = printable(name)
      currentBytes = 0
    }
    return answer
  }

  private func require(_ count: Int, atMost limit: Int) throws(TarballFault) {
    guard count > limit else { return }
    throw TarballFault(.tooManyEntries, "the input holds more than \(limit) entries")
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

  /// Two blocks of zeros end a tar (POSIX pax, "ustar Interchange Format"). Behind them there may be
  /// more zeros, up to a full tape record.
  private func requireTarEnd(from start: Int64, to end: Int64) throws(TarballFault) {
    guard end - start >= 1_024 else {
      throw TarballFault(.cutShort, "the tar ends without its end mark")
    }
    guard archive.feed.totalToLastNonZero <= end else {
      throw TarballFault(.trailingData, "the tar is followed by something else")
    }
  }
}
