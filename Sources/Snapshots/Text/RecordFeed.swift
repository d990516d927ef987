/// Reads one file and gives it out in texts of whole records.
final class RecordFeed {
  private let file: String
  private let limits: SnapshotLimits
  private var form: TextForm?
  /// The beginning of a record that the last text had over.
  private let rest = Pile<UInt8>(capacity: 4 << 10)
  private var isAtEnd = false
  /// Whether the file holds anything but white space.
  private(set) var isBlank = true

  private let isCSV: Bool
  private let table: TableForm

  /// - Parameters:
  ///   - isCSV: whether the file is known to be CSV.
  ///   - table: what is known of the form of its cells.
  init(file: String, isCSV: Bool, table: TableForm = .told, limits: SnapshotLimits) {
    self.file = file
    self.isCSV = isCSV
    self.table = table
    self.limits = limits
  }

  /// The names of the columns, once the file has turned out to be CSV.
  var header: CSVHeader? {
    switch form {
    case .csv(_, let header), .copyText(_, let header): header
    default: nil
    }
  }

  /// Fills the text with the next records; false when there are no more.
  func fill(_ text: RecordText, from input: any SnapshotInput) throws -> Bool {
    guard !isAtEnd else { return false }
    text.begin(file: file, hasLines: false, rest: rest)
    rest.clear(keeping: 1 << 20)
    var goal = form == nil ? max(limits.batchBytes, TextForm.headBytes) : limits.batchBytes
    var start = 0
    repeat {
      try read(text, upTo: max(goal, text.bytes.count + 1), from: input)
      start = try cut(text, from: start)
      guard text.bytes.count - start <= limits.recordBytes else { throw tooLarge(text) }
      if text.spans.count == 0, start > 0 {
        // Nothing but blank lines so far: they need not be kept.
        text.drop(start)
        start = 0
      }
      goal = max(limits.batchBytes, text.bytes.count * 2)
    } while text.spans.count == 0 && !isAtEnd
    rest.extend(by: text.bytes.count - start)
      .update(from: text.bytes.base + start, count: text.bytes.count - start)
    if text.spans.count > 0 { isBlank = false }
    return text.spans.count > 0
  }

  private func read(
    _ text: RecordText, upTo goal: Int, from input: any SnapshotInput
  ) throws {
    while text.bytes.count < goal, !isAtEnd { isAtEnd = try !text.read(goal, from: input) }
  }

  private func cut(_ text: RecordText, from start: Int) throws(SnapshotFault) -> Int {
    var start = start
    if form == nil {
      let told = try TextForm.tell(text, isCSV: isCSV, table: table, limits: limits)
      form = told.form
      start = told.start
    }
    switch form {
    case .lines(var cutter):
      defer { form = .lines(cutter) }
      text.setHasLines(true)
      return cutter.cut(text, from: start, atEnd: isAtEnd)
    case .objects(var cutter):
      defer { form = .objects(cutter) }
      return try cutter.cut(text, from: start, atEnd: isAtEnd)
    case .array(var cutter):
      defer { form = .array(cutter) }
      isBlank = false
      return try cutter.cut(text, from: start, atEnd: isAtEnd)
    case .csv(var cutter, let header):
      defer { form = .csv(cutter, header) }
      isBlank = false
      return try cutter.cut(text, from: start, atEnd: isAtEnd)
    case .copyText(var cutter, let header):
      defer { form = .copyText(cutter, header) }
      isBlank = false
      return try cutter.cut(text, from: start, atEnd: isAtEnd)
    case nil: return start
    }
  }

  private func tooLarge(_ text: RecordText) -> SnapshotFault {
    var place = SnapshotPlace(file)
    switch form {
    case .csv(let cutter, _): place.line = cutter.line
    case .copyText(let cutter, _): place.line = cutter.line
    default: break
    }
    return SnapshotFault(
      .tooLarge, "a record is larger than \(limits.recordBytes) bytes", at: place)
  }
}
