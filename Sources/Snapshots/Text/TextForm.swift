/// How the records of a file stand in it, told from its first bytes.
enum TextForm {
  case lines(LineCutter)
  case objects(ObjectCutter)
  case array(EnvelopeCutter)
  case csv(CSVCutter, CSVHeader)
  /// PostgreSQL's text format.
  case copyText(CopyCutter, CSVHeader)

  /// How much of a file must be at hand to tell its form.
  static let headBytes = 64 << 10

  /// The form, and the index at which the first record is to be looked for. The text must hold the
  /// first 64 KiB of the file, or all of it.
  ///
  /// - Parameters:
  ///   - isCSV: whether it is known to be CSV.
  ///   - table: what is known of the form of its cells.
  static func tell(
    _ text: RecordText, isCSV: Bool, table: TableForm = .told, limits: SnapshotLimits
  ) throws(SnapshotFault) -> (form: TextForm, start: Int) {
    let bytes = UnsafeBufferPointer(text.bytes.elements)
    if case .copyText(let line) = table {
      let header = try CSVHeader.need(text, from: 0, limits: limits, only: 0x09)
      return copyText(header, line: line + 1, limits)
    }
    let mark = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    guard let first = bytes[mark...].firstIndex(where: { !Blank.matches($0) }) else {
      return (.lines(LineCutter()), mark)
    }
    if isCSV {
      try StrangeTable.refuse(bytes[mark...], file: text.file, isTable: true)
      let header = try CSVHeader.need(text, from: mark, limits: limits)
      return try self.table(header, text, limits)
    }
    let head = UnsafeBufferPointer(rebasing: bytes[first...].prefix(headBytes))
    if let form = try JSONForm(head, file: text.file) {
      let hasLines = form == .lines || form == .objects
      return (TextForm(form, file: text.file), hasLines ? mark : first)
    }
    if let header = try CSVHeader.find(text, from: mark, limits: limits) {
      return try self.table(header, text, limits)
    }
    try StrangeTable.refuse(bytes[mark...], file: text.file, isTable: false)
    throw strange(bytes, text.file)
  }

  /// A table with a header: CSV, unless its rows are in PostgreSQL's text format.
  private static func table(
    _ header: CSVHeader, _ text: RecordText, _ limits: SnapshotLimits
  ) throws(SnapshotFault) -> (form: TextForm, start: Int) {
    guard header.separator == 0x09 else { return csv(header, limits) }
    guard try CopyLooks.tell(text, header, limits: limits) == .copyText else {
      var header = header
      header.hasBackslashes = text.bytes.elements[header.end...].prefix(headBytes)
        .contains(CopyEscapes.backslash)
      return csv(header, limits)
    }
    return copyText(header, line: header.nextLine, limits)
  }

  private static func copyText(
    _ header: CSVHeader, line: Int, _ limits: SnapshotLimits
  ) -> (form: TextForm, start: Int) {
    var header = header
    header.isCopyText = true
    let cutter = CopyCutter(width: header.names.count, line: line, limits: limits)
    return (.copyText(cutter, header), header.end)
  }

  private init(_ form: JSONForm, file: String) {
    self =
      switch form {
      case .lines: .lines(LineCutter())
      case .objects: .objects(ObjectCutter())
      case .list: .array(EnvelopeCutter(isBare: true, file: file))
      case .answer: .array(EnvelopeCutter(isBare: false, file: file))
      }
  }

  private static func csv(
    _ header: CSVHeader, _ limits: SnapshotLimits
  ) -> (form: TextForm, start: Int) {
    let cutter = CSVCutter(
      separator: header.separator, width: header.names.count, line: header.nextLine,
      limits: limits)
    return (.csv(cutter, header), header.end)
  }

  private static func strange(
    _ bytes: UnsafeBufferPointer<UInt8>, _ file: String
  ) -> SnapshotFault {
    let line = bytes.prefix { $0 != 0x0A && $0 != 0x0D }
    let isTable = CSVHeader.separators.contains { line.contains($0) }
    if isTable, line.allSatisfy({ $0 >= 0x20 || $0 == 0x09 }) {
      return SnapshotFault(
        .noIDColumn, "this looks like CSV whose header has no column for the id",
        at: SnapshotPlace(file))
    }
    return SnapshotFault(
      .notJSON, "this is neither JSON nor CSV with a header", at: SnapshotPlace(file))
  }
}
