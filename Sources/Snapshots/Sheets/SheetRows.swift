internal import XMLText

/// Turns the rows of a sheet into CSV, one after the other: texts in quotes, numbers as they are
/// stored, dates by their style. A row of the sheet is a line of the CSV, unless its texts have lines.
struct SheetRows {
  static let mostRows = 1_048_576
  static let mostColumns = 16_384

  private let parts: SheetParts
  private let stream: XMLStream
  private let file: String
  private let limits = SnapshotLimits()
  private var row = 0
  /// How many columns the header has; nil while it has not come.
  private var width: Int?
  /// Columns with numbers that no spreadsheet keeps whole.
  private(set) var longNumbers: Set<Int> = []

  init(_ parts: SheetParts, _ stream: XMLStream, file: String) {
    (self.parts, self.stream, self.file) = (parts, stream, file)
  }

  /// Adds the next row to the bytes; false when there are no more.
  /// - Throws: `badSheet`, `tooLarge`, and what the stream throws.
  mutating func next(into out: inout [UInt8]) throws -> Bool {
    while let event = try stream.next() {
      guard case .start(let isEmpty) = event, stream.isNamed("row") else { continue }
      let number = stream.attribute("r").flatMap { Int($0) } ?? row + 1
      guard number > row, number <= Self.mostRows else {
        throw fault("the rows stand in no order", row + 1)
      }
      out.append(contentsOf: repeatElement(0x0A, count: number - row - 1))
      row = number
      if !isEmpty { try cells(into: &out) }
      out.append(0x0A)
      return true
    }
    return false
  }

  private mutating func cells(into out: inout [UInt8]) throws {
    let start = out.count
    var written = -1
    var column = -1
    var value: [UInt8] = []
    while let event = try stream.next() {
      if event == .end, stream.isNamed("row") { break }
      guard case .start(let isEmpty) = event, stream.isNamed("c") else { continue }
      let next = stream.attribute("r").map(Self.column) ?? column + 1
      guard let next, next > column, next < Self.mostColumns else {
        throw fault("the cells stand in no order", row)
      }
      column = next
      guard !isEmpty else { continue }
      value.removeAll(keepingCapacity: true)
      try cell(column, into: &value)
      guard !value.isEmpty else { continue }
      out.append(
        contentsOf: repeatElement(UInt8(ascii: ","), count: max(0, column - max(0, written))))
      out += value
      written = column
      guard out.count - start <= limits.recordBytes else {
        throw SnapshotFault(
          .tooLarge, "the record is larger than \(limits.recordBytes) bytes",
          at: SnapshotPlace(file, line: row))
      }
    }
    guard written >= 0 else { return }
    if let width {
      let missing = max(0, width - 1 - written)
      out.append(contentsOf: repeatElement(UInt8(ascii: ","), count: missing))
    } else {
      width = written + 1
    }
  }

  /// Adds the text of a cell, up to its end.
  private mutating func cell(_ column: Int, into value: inout [UInt8]) throws {
    let type = stream.attribute("t") ?? "n"
    let style = stream.attribute("s").flatMap { Int($0) } ?? 0
    var (text, isValue): ([UInt8], Bool) = ([], false)
    while let event = try stream.next() {
      switch event {
      case .start(let isEmpty):
        if stream.isNamed("f") { throw fault("a cell holds a formula", row, column) }
        if stream.isNamed("is"), !isEmpty { try RichText.append(stream, until: "is", to: &text) }
        isValue = stream.isNamed("v") && !isEmpty
      case .text: if isValue { stream.appendText(to: &text) }
      case .end:
        if stream.isNamed("v") { isValue = false }
        if stream.isNamed("c") {
          return try add(text, type, parts.styles[style], column, to: &value)
        }
      }
    }
  }

  private mutating func add(
    _ text: [UInt8], _ type: String, _ style: SheetStyles.Kind, _ column: Int,
    to value: inout [UInt8]
  ) throws(SnapshotFault) {
    guard !text.isEmpty else { return }
    let number = String(decoding: text, as: UTF8.self)
    switch type {
    case "s":
      guard let shared = Int(number).flatMap({ parts.texts[$0] }) else {
        throw fault("a cell names a text that is not there", row, column)
      }
      quote(shared, into: &value)
    case "inlineStr", "str": quote(text[...], into: &value)
    case "b": value += Array((number == "1" ? "True" : "False").utf8)
    case "d": value += text.map { $0 == UInt8(ascii: "T") ? 0x20 : $0 }
    case "n" where style == .plain:
      if text.count(where: { (0x30...0x39).contains($0) }) > 15 { longNumbers.insert(column) }
      quoteIfOdd(text, into: &value)
    case "n":
      guard let serial = Double(number),
        let day = SheetDay.text(serial, withTime: style == .time)
      else { throw fault("a cell is shown as a date, and is none", row, column) }
      value += Array(day.utf8)
    default: throw fault("a cell holds an error", row, column)
    }
  }

  /// A number is given out as it is stored, but it must not be able to end its cell.
  private func quoteIfOdd(_ text: [UInt8], into value: inout [UInt8]) {
    if PlainNumber.looksPlain(text) { value += text } else { quote(text[...], into: &value) }
  }

  private func quote(_ text: ArraySlice<UInt8>, into value: inout [UInt8]) {
    guard !text.isEmpty else { return }
    let mark = UInt8(ascii: "\"")
    value.append(mark)
    for byte in text {
      if byte == mark { value.append(mark) }
      value.append(byte)
    }
    value.append(mark)
  }

  /// The number of a column, from 0, of a reference such as `AB12`.
  private static func column(_ reference: String) -> Int? {
    let letters = reference.utf8.prefix { (0x41...0x5A).contains($0) }
    guard (1...3).contains(letters.count) else { return nil }
    return letters.reduce(0) { $0 * 26 + Int($1) - 0x40 } - 1
  }

  private func fault(_ fact: String, _ row: Int, _ column: Int? = nil) -> SnapshotFault {
    SnapshotFault(
      .badSheet, fact, at: SnapshotPlace(file, line: row, column: column.map { $0 + 1 }))
  }
}

extension PlainNumber {
  /// Whether a text holds nothing but what numbers are written with.
  static func looksPlain(_ text: [UInt8]) -> Bool {
    text.allSatisfy { (0x30...0x39).contains($0) || [0x2B, 0x2D, 0x2E, 0x45, 0x65].contains($0) }
  }
}
