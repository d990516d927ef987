/// Files that are known and not taken: each is told what it is, and what to type instead.
enum ForeignFile {
  /// - Parameters:
  ///   - start: the file's first bytes.
  ///   - name: its name inside of a tar or zip.
  /// - Throws: the fault that names it.
  static func refuse(
    _ start: ArraySlice<UInt8>, name: String, inArchive: Bool, file: String
  ) throws(SnapshotFault) {
    let place = SnapshotPlace(file)
    if isBackup(name, start, inArchive) {
      throw SnapshotFault(
        .odooBackup, "this is a backup of Odoo's whole database, with its files", at: place)
    }
    if start.starts(with: "PGDMP".utf8) {
      throw SnapshotFault(
        .dumpForm, "this is a dump in a form of its own of pg_dump's, and not plain text",
        at: place)
    }
    if let kind = spreadsheet(start, name, inArchive) {
      throw SnapshotFault(.spreadsheet, "this is a spreadsheet (\(kind))", at: place)
    }
    if WideText.isUnmarked(start) {
      throw SnapshotFault(
        .wideText, "this is UTF-16 without the mark at its start that would say so", at: place)
    }
    if start.starts(with: "%PDF".utf8) || isMarkup(start) {
      throw SnapshotFault(
        .notATable, "this is a page to be looked at (HTML, XML or PDF), and no table", at: place)
    }
  }

  static func packedDump(_ file: String) -> SnapshotFault {
    SnapshotFault(
      .dumpForm, "this is a dump of a database inside of a tar or zip", at: SnapshotPlace(file))
  }

  private static func isBackup(
    _ name: String, _ start: ArraySlice<UInt8>, _ inArchive: Bool
  ) -> Bool {
    guard inArchive else { return false }
    return name == "dump.sql" || name == "dump.dump" || name.hasPrefix("filestore/")
      || (name == "manifest.json" && start.prefix(4_096).holds("\"odoo_dump\""))
  }

  private static func spreadsheet(
    _ start: ArraySlice<UInt8>, _ name: String, _ inArchive: Bool
  ) -> String? {
    if start.starts(with: [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]) { return "Excel 97" }
    if start.starts(with: [0x09, 0x08]) && start.dropFirst(2).first.map({ $0 <= 8 }) == true {
      return "Excel, an old one"
    }
    if inArchive, name == "mimetype", start.holds("opendocument") { return "OpenDocument" }
    let isZip = start.starts(with: [0x50, 0x4B, 0x03, 0x04])
    if inArchive, isZip, ["xlsx", "xlsm", "ods", "xls"].contains(ending(name)) {
      return "packed once more; drop it by itself"
    }
    let text = trimmed(start)
    let isWorkbook = text.prefix(4_096).holds("urn:schemas-microsoft-com:office")
    let isTable =
      isMarkup(start) && (ending(name) == "xls" || text.prefix(4_096).holds("<table"))
    return isWorkbook ? "Excel, as XML or HTML" : isTable ? "HTML" : nil
  }

  private static func isMarkup(_ start: ArraySlice<UInt8>) -> Bool {
    let text = trimmed(start)
    guard text.first == UInt8(ascii: "<"), let next = text.dropFirst().first else { return false }
    return next == UInt8(ascii: "!") || next == UInt8(ascii: "?")
      || (0x61...0x7A).contains(next | 0x20)
  }

  private static func trimmed(_ start: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let text = start.starts(with: [0xEF, 0xBB, 0xBF]) ? start.dropFirst(3) : start
    return text.drop(while: Blank.matches)
  }

  private static func ending(_ name: String) -> String {
    name.split(separator: ".").last.map { $0.lowercased() } ?? ""
  }
}

extension ArraySlice<UInt8> {
  /// Whether a text stands somewhere in it.
  func holds(_ text: String) -> Bool {
    let wanted = Array(text.utf8)
    guard let first = wanted.first, count >= wanted.count else { return false }
    var at = startIndex
    while let found = self[at...].firstIndex(of: first), found + wanted.count <= endIndex {
      if self[found...].starts(with: wanted) { return true }
      at = found + 1
    }
    return false
  }
}
