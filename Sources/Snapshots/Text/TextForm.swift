internal import CSimdjson

/// How the records of a file stand in it, told from its first bytes.
enum TextForm {
  case lines(LineCutter)
  case array(ArrayCutter)
  case csv(CSVCutter, CSVHeader)

  /// How much of a file must be at hand to tell its form.
  static let headBytes = 64 << 10

  /// The form, and the index at which the first record is to be looked for. The text must hold the
  /// first 64 KiB of the file, or all of it.
  ///
  /// - Parameter isCSV: whether it is known to be CSV.
  static func tell(
    _ text: RecordText, isCSV: Bool, limits: SnapshotLimits
  ) throws(SnapshotFault) -> (form: TextForm, start: Int) {
    let bytes = UnsafeBufferPointer(text.bytes.elements)
    let mark = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    guard let first = bytes[mark...].firstIndex(where: { !Blank.matches($0) }) else {
      return (.lines(LineCutter()), mark)
    }
    if isCSV { return csv(try CSVHeader.need(text, from: mark, limits: limits), limits) }
    if bytes[first] == UInt8(ascii: "[") {
      return (.array(ArrayCutter(head: [UInt8(ascii: "[")])), first + 1)
    }
    if bytes[first] == UInt8(ascii: "{") {
      let answer = ODataStart(Array(bytes.prefix(headBytes))[...])
      if answer.isSubmissions, let start = answer.records {
        return (.array(ArrayCutter(head: Array(bytes[first..<start]))), start)
      }
      guard let start = try envelope(bytes, from: first, text.file) else {
        return (.lines(LineCutter()), mark)
      }
      return (.array(ArrayCutter(head: Array(bytes[first..<start]))), start)
    }
    if let header = try CSVHeader.find(text, from: mark, limits: limits) {
      return csv(header, limits)
    }
    throw strange(bytes, text.file)
  }

  private static func csv(
    _ header: CSVHeader, _ limits: SnapshotLimits
  ) -> (form: TextForm, start: Int) {
    let cutter = CSVCutter(
      separator: header.separator, width: header.names.count, line: header.nextLine,
      limits: limits)
    return (.csv(cutter, header), header.end)
  }

  /// Where the records of an Odoo JSON-RPC answer begin; nil if it is none.
  private static func envelope(
    _ bytes: UnsafeBufferPointer<UInt8>, from open: Int, _ file: String
  ) throws(SnapshotFault) -> Int? {
    var scan = Scan(bytes: bytes, next: open + 1, end: min(bytes.count, open + headBytes))
    guard scan.take("\"jsonrpc\"") else { return nil }
    while scan.skipMember() {
      if scan.take("\"error\"") {
        throw SnapshotFault(
          .errorAnswer, "this is an error answer of Odoo, not an export", at: SnapshotPlace(file))
      }
      guard scan.take("\"result\"") else { continue }
      guard scan.take(":"), scan.take("[") else { break }
      return scan.next
    }
    throw SnapshotFault(
      .notJSON, "a JSON-RPC answer whose \"result\" is no list of records",
      at: SnapshotPlace(file))
  }

  private static func strange(
    _ bytes: UnsafeBufferPointer<UInt8>, _ file: String
  ) -> SnapshotFault {
    let isWide = bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
    let line = bytes.prefix { $0 != 0x0A && $0 != 0x0D }
    let isTable = CSVHeader.separators.contains { line.contains($0) }
    if !isWide, isTable, line.allSatisfy({ $0 >= 0x20 || $0 == 0x09 }) {
      return SnapshotFault(
        .noIDColumn, "this looks like CSV whose header has no column for the id",
        at: SnapshotPlace(file))
    }
    return SnapshotFault(
      isWide ? .notUTF8 : .notJSON,
      isWide ? "this is UTF-16, not UTF-8" : "this is neither JSON nor CSV with a header",
      at: SnapshotPlace(file))
  }
}

/// Steps over the members of the object that a text begins with.
private struct Scan {
  let bytes: UnsafeBufferPointer<UInt8>
  var next: Int
  let end: Int

  /// Passes white space, and then the literal if it stands there.
  mutating func take(_ literal: String) -> Bool {
    while next < end, Blank.matches(bytes[next]) { next += 1 }
    guard bytes[next..<end].starts(with: literal.utf8) else { return false }
    next += literal.utf8.count
    return true
  }

  /// Passes the rest of a member and its comma; false where there is none.
  mutating func skipMember() -> Bool {
    guard let base = bytes.baseAddress else { return false }
    var splitter = sj_splitter()
    let rest = UnsafeRawPointer(base + next).assumingMemoryBound(to: CChar.self)
    next += sj_split(&splitter, rest, end - next)
    guard next < end, bytes[next] == UInt8(ascii: ",") else { return false }
    next += 1
    return true
  }
}
