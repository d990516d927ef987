internal import Glibc
internal import Language

/// The tables of a dump that `pg_dump` wrote as plain text, one after the other, as the files of a
/// tar are. The records pass through as they stand; nothing is kept.
///
/// A dump of a whole database holds much that is none of ours, passwords among it: only tables of
/// registrants' models are given out, the others passed over and counted.
final class DumpTables {
  /// The longest line of SQL.
  private static let lineBytes = 1 << 20
  private static let pieceBytes = 256 << 10
  private static let tableBytes: [UInt8] = Array("\\.".utf8)

  private let source: any ByteStage
  private let file: String
  private var statements: DumpStatements
  private var text: [UInt8] = []
  private var at = 0
  private var isAtEnd = false
  private var line = 0
  private var isInTable = false
  private var isAtLineStart = true
  /// The line of names that is to be given out before the records.
  private var header: ArraySlice<UInt8> = []
  private var given = 0
  private var skipped = 0

  private(set) var table = TableForm.told

  init(_ source: any ByteStage, file: String) {
    (self.source, self.file) = (source, file)
    statements = DumpStatements(file: file)
  }

  var notes: [String] {
    skipped == 0
      ? []
      : [
        "\(SnapshotPlace(file)): \(skipped) tables of the dump were passed over: none of the registry's"
      ]
  }

  /// Goes to the next table of ours.
  /// - Throws: `cutShort` if the dump ends within one, and what `DumpStatements` refuses.
  func next() throws -> String? {
    try passOver()
    while let statement = try nextLine() {
      guard case .copy(let copy) = try statements.take(statement, at: line) else { continue }
      (isInTable, isAtLineStart) = (true, true)
      guard DumpedTable.isOurs(copy.table) else {
        skipped += 1
        try passOver()
        continue
      }
      given += 1
      table = .copyText(line: line)
      header = Array((copy.columns.joined(separator: "\t") + "\n").utf8)[...]
      return "\(copy.table).copy"
    }
    if given == 0 {
      throw SnapshotFault(
        .dumpForm, "there are no records of registrants in the dump", at: SnapshotPlace(file))
    }
    return nil
  }

  /// Gives out the records of the table in hand, up to the line that ends them.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    guard header.isEmpty else {
      let piece = header.prefix(buffer.count)
      buffer.copyBytes(from: piece)
      header = header.dropFirst(piece.count)
      return piece.count
    }
    guard isInTable, let range = try records(atMost: buffer.count) else { return 0 }
    buffer.copyBytes(from: text[range])
    return range.count
  }

  private func passOver() throws {
    header = []
    while isInTable, try records(atMost: .max) != nil {}
  }

  /// The next bytes of records; nil at the end of the table.
  private func records(atMost most: Int) throws -> Range<Int>? {
    if isAtLineStart, try endsTable() {
      isInTable = false
      return nil
    }
    if at == text.count, try !refill() { throw cut }
    let start = at
    let end = min(text.count, most == .max ? text.count : at + most)
    // Line by line up to what may be the end of the table.
    while at < end {
      guard let stop = lineFeed(at, end) else {
        (at, isAtLineStart) = (end, false)
        break
      }
      (at, isAtLineStart) = (stop + 1, true)
      line += 1
      if at < end, text[at] == UInt8(ascii: "\\") { break }
    }
    return start..<at
  }

  /// Whether the line that begins here is `\.`; it is taken off.
  private func endsTable() throws -> Bool {
    while text.count - at < 4, try refill() {}
    guard text[at...].starts(with: Self.tableBytes) else { return false }
    var end = at + 2
    if end < text.count, text[end] == 0x0D { end += 1 }
    guard end == text.count || text[end] == 0x0A else { return false }
    at = min(text.count, end + 1)
    line += 1
    return true
  }

  private func nextLine() throws -> String? {
    var looked = at
    while true {
      if let stop = lineFeed(looked, text.count) {
        defer { at = stop + 1 }
        line += 1
        return shown(at..<stop)
      }
      guard text.count - at <= Self.lineBytes else {
        throw SnapshotFault(
          .tooLarge, "a line of SQL is larger than \(Self.lineBytes) bytes",
          at: SnapshotPlace(file, line: line + 1))
      }
      let left = text.count - at
      guard try refill() else {
        guard left > 0 else { return nil }
        defer { at = text.count }
        line += 1
        return shown(at..<text.count)
      }
      looked = at + left
    }
  }

  private func shown(_ range: Range<Int>) -> String {
    let bytes = text[range]
    return String(decoding: bytes.last == 0x0D ? bytes.dropLast() : bytes, as: UTF8.self)
  }

  private func lineFeed(_ start: Int, _ end: Int) -> Int? {
    guard start < end else { return nil }
    return text.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress, let found = memchr(base + start, 0x0A, end - start)
      else { return nil }
      return base.distance(to: UnsafeRawPointer(found))
    }
  }

  /// Reads on; what was used is forgotten.
  private func refill() throws -> Bool {
    guard !isAtEnd else { return false }
    text.removeFirst(at)
    at = 0
    let before = text.count
    text.append(contentsOf: repeatElement(0, count: Self.pieceBytes))
    let count = try text.withUnsafeMutableBytes { bytes in
      try source.read(into: UnsafeMutableRawBufferPointer(rebasing: bytes[before...]))
    }
    text.removeLast(Self.pieceBytes - count)
    isAtEnd = count == 0
    return count > 0
  }

  private var cut: SnapshotFault {
    SnapshotFault(
      .cutShort, "the dump ends inside of a table", at: SnapshotPlace(file, line: line))
  }
}

/// Which tables of a whole database are of the registry.
enum DumpedTable {
  private static let families = ["g2p_", "spp_"]
  private static let known = Set(BuiltIn.catalog.models.keys.map(TableName.of))
  /// What no registry is asked for: people who log in, with their passwords.
  private static let refused: Set = ["res_users"]

  static func isOurs(_ table: String) -> Bool {
    if refused.contains(table) || table.contains(".") { return false }
    if known.contains(table) || families.contains(where: table.hasPrefix) { return true }
    // A relation is ours if registrants are one side of it.
    return table.hasSuffix("_rel") && table.contains("res_partner")
  }
}
