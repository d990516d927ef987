/// How the records of a file stand in it, told from its first bytes.
enum TextForm {
  case lines(LineCutter)
  case objects(ObjectCutter)
  case array(EnvelopeCutter)
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
    let head = UnsafeBufferPointer(rebasing: bytes[first...].prefix(headBytes))
    if let form = try JSONForm(head, file: text.file) {
      return (TextForm(form, file: text.file), form == .lines ? mark : first)
    }
    if let header = try CSVHeader.find(text, from: mark, limits: limits) {
      return csv(header, limits)
    }
    throw strange(bytes, text.file)
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
