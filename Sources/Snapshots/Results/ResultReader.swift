internal import CSimdjson
package import Secrets

// A result of the MTS, row by row: `vid`, `token`, `status`, `errorCode`, as a JSON list or as CSV.
//
// The MTS writes its results in place, so that a file fetched too early is cut: what is not whole is
// a fault, and never a shorter result. Columns go by their names, in any order. Must never keep or
// tell a VID or a token.

/// One row, whose texts are valid until the next one. Absent, null and empty are nil alike.
package struct ResultRow {
  package typealias Text = UnsafeBufferPointer<UInt8>

  package enum Column: Int, CaseIterable {
    case vid, token, status, errorCode, errorMessage

    static let required = [vid, token, status]

    init?(named name: Text) {
      guard let found = Self.allCases.first(where: { name.elementsEqual($0.name.utf8) }) else {
        return nil
      }
      self = found
    }

    var name: String {
      switch self {
      case .vid: "vid"
      case .token: "token"
      case .status: "status"
      case .errorCode: "errorCode"
      case .errorMessage: "errorMessage"
      }
    }
  }

  fileprivate(set) package var vid: Text?
  fileprivate(set) package var token: Text?
  fileprivate(set) package var status: Text?
  fileprivate(set) package var errorCode: Text?

  fileprivate mutating func set(_ column: Column, _ text: Text) {
    let text = text.isEmpty ? nil : text
    switch column {
    case .vid: vid = text
    case .token: token = text
    case .status: status = text
    case .errorCode: errorCode = text
    case .errorMessage: break
    }
  }
}

/// Reads one file of results.
package final class ResultReader {
  package enum Form: Sendable { case json, csv }

  private let source: SnapshotSource
  private let form: Form
  private let limits: SnapshotLimits
  private let parser: RecordParser
  /// Columns that mean nothing to us.
  package private(set) var extraColumns = 0

  package init(_ source: SnapshotSource, _ form: Form, limits: SnapshotLimits) throws {
    (self.source, self.form, self.limits) = (source, form, limits)
    parser = try RecordParser()
  }

  /// Hands over every row.
  /// - Returns: how many there were, and the digest of the file's bytes.
  /// - Throws: `incomplete` if the file is not whole, other `SnapshotFault`s if it is no result, and
  ///   what the body throws.
  package func forEach(_ body: (ResultRow) throws -> Void) throws -> (rows: Int, digest: Digest) {
    let input = EdgedInput(try source.open())
    guard !input.isArchive, try input.next() != nil else {
      throw fault(.notJSON, "a result is one JSON list or one CSV table")
    }
    let feed = RecordFeed(file: source.name, isCSV: form == .csv, limits: limits)
    let text = RecordText()
    var rows = 0
    while try feed.fill(text, from: input) {
      guard form == .csv || input.first == UInt8(ascii: "[") else {
        throw fault(.notJSON, "a result is one JSON list or one CSV table")
      }
      try form == .csv ? table(text, feed.header, body) : list(text, body)
      rows += text.spans.count
    }
    if form == .csv { try requireEnd(input, feed) }
    return (rows, try input.finish())
  }

  // MARK: JSON

  private func list(_ text: RecordText, _ body: (ResultRow) throws -> Void) throws {
    for (number, span) in text.spans.elements.enumerated() {
      parser.clear()
      guard let events = parser.parse(text.bytes(of: span), depth: 4) else {
        throw SnapshotFault(.notJSON, "this is not JSON", at: text.place(of: number))
      }
      try body(row(events, at: text, number))
    }
  }

  private func row(
    _ events: UnsafeBufferPointer<sj_event>, at text: RecordText, _ number: Int
  ) throws(SnapshotFault) -> ResultRow {
    var row = ResultRow()
    var seen: UInt8 = 0
    var at = 1
    guard events.first?.sort == .object else {
      throw SnapshotFault(.wrongType, "a row is an object", at: text.place(of: number))
    }
    while at + 1 < events.count, events[at].sort == .key {
      let value = events[at + 1]
      if let column = ResultRow.Column(named: events[at].text) {
        let mark: UInt8 = 1 << column.rawValue
        guard seen & mark == 0 else {
          throw SnapshotFault(
            .duplicateKey, "\(column.name) stands twice", at: text.place(of: number))
        }
        seen |= mark
        guard value.sort == .text || value.sort == .null else {
          throw SnapshotFault(
            .wrongType, "\(column.name) must be text or null", at: text.place(of: number))
        }
        if value.sort == .text { row.set(column, value.text) }
      } else {
        extraColumns = max(extraColumns, 1)
      }
      at = value.sort == .object || value.sort == .array ? value.end + 1 : at + 2
    }
    guard ResultRow.Column.required.allSatisfy({ seen & (1 << $0.rawValue) != 0 }) else {
      throw SnapshotFault(
        .badHeader, "a row has vid, token and status", at: text.place(of: number))
    }
    return row
  }

  // MARK: CSV

  private var columns: [ResultRow.Column?]?

  private func table(
    _ text: RecordText, _ header: CSVHeader?, _ body: (ResultRow) throws -> Void
  ) throws {
    let columns = try self.columns ?? columns(of: header)
    self.columns = columns
    for number in 0..<text.spans.count {
      var row = ResultRow()
      for place in columns.indices {
        guard let column = columns[place] else { continue }
        let index = number * columns.count + place
        if text.cells.base[index].hasDoubled {
          text.cells.base[index].undouble(in: text.bytes.base)
        }
        let cell = text.cells.base[index]
        row.set(
          column,
          UnsafeBufferPointer(start: text.bytes.base + Int(cell.start), count: cell.count))
      }
      try body(row)
    }
  }

  private func columns(of header: CSVHeader?) throws(SnapshotFault) -> [ResultRow.Column?] {
    let names = header?.names ?? []
    let columns = names.map { name in ResultRow.Column.allCases.first { $0.name == name } }
    let known = columns.compactMap(\.self)
    guard Set(known).count == known.count, Set(known).isSuperset(of: ResultRow.Column.required)
    else {
      throw fault(.badHeader, "the columns vid, token and status must be there, each once")
    }
    extraColumns = columns.count - known.count
    return columns
  }

  /// The MTS ends every row with a line end, the last one too.
  private func requireEnd(_ input: EdgedInput, _ feed: RecordFeed) throws(SnapshotFault) {
    if columns == nil { columns = try columns(of: feed.header) }
    guard input.last == 0x0A else {
      throw fault(.cutShort, "the file ends within a row")
    }
  }

  private func fault(_ kind: SnapshotFault.Kind, _ fact: String) -> SnapshotFault {
    SnapshotFault(kind, fact, at: SnapshotPlace(source.name))
  }
}

extension SnapshotFault {
  /// Whether the file looks like the beginning of a whole one.
  package var isCut: Bool { [.cutShort, .openQuote, .tooFewCells, .emptyFile].contains(kind) }
}

extension sj_event {
  fileprivate var text: ResultRow.Text {
    guard let bytes = payload.bytes else { return ResultRow.Text(start: nil, count: 0) }
    return ResultRow.Text(
      start: UnsafeRawPointer(bytes).assumingMemoryBound(to: UInt8.self), count: Int(length))
  }
}

/// An input that remembers its first byte that is not blank, and its last byte.
private final class EdgedInput: SnapshotInput {
  private let inner: any SnapshotInput
  private(set) var first: UInt8?
  private(set) var last: UInt8?

  init(_ inner: any SnapshotInput) { self.inner = inner }

  var isArchive: Bool { inner.isArchive }
  func next() throws -> String? { try inner.next() }
  func finish() throws -> Digest { try inner.finish() }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    let count = try inner.read(into: buffer)
    if count > 0 { last = buffer[count - 1] }
    if first == nil { first = buffer[..<count].first { !Blank.matches($0) } }
    return count
  }
}
