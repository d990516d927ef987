import Secrets

// What people drop is not always what was asked for: a table that a spreadsheet saved as UTF-16, a
// dump of the whole database, a workbook. This room brings such files into the form that the readers
// know, or refuses them by name; everything else passes through untouched, without a copy.

/// A drop whose files are brought into forms that the readers know.
/// - Throws: when reading, `SnapshotFault` for files that are known and not taken.
final class ForeignInput: SnapshotInput {
  /// How much of a file is looked at.
  static let headBytes = 64 << 10

  private let inner: any SnapshotInput
  private let file: String
  private let reopen: () throws -> any SnapshotInput
  private var current: PeekedStage?
  private var dump: DumpTables?
  private var sheet: SheetInput?
  private var isStarted = false

  init(
    _ inner: any SnapshotInput, file: String, reopen: @escaping () throws -> any SnapshotInput
  ) {
    (self.inner, self.file, self.reopen) = (inner, file, reopen)
  }

  var isArchive: Bool { dump != nil || (sheet == nil && inner.isArchive) }
  var table: TableForm { dump?.table ?? .told }
  func passOver(folder: String) { inner.passOver(folder: folder) }
  var passedOver: Int { inner.passedOver }
  var notes: [String] { (dump?.notes ?? []) + (sheet?.notes ?? []) }

  func next() throws -> String? {
    if let dump { return try dump.next().map { "\(file)/\($0)" } }
    if sheet != nil { return nil }
    guard let name = try inner.next() else { return nil }
    defer { isStarted = true }
    if inner.isArchive, !isStarted, SheetParts.isPart(name) {
      sheet = try SheetInput(reopen, first: name, file: file)
      if sheet != nil { return "" }
    }
    let role = inner.isArchive ? try? EntryRole(name) : nil
    if inner.isArchive, role?.isPassedOver == true || ODKForm.isAttachment(name) {
      current = PeekedStage(PlainStage(inner))
      return name
    }
    return try open(name)
  }

  private func open(_ name: String) throws -> String? {
    let shown = inner.isArchive ? name : file
    var stage = PeekedStage(PlainStage(inner))
    var start = try stage.peek(Self.headBytes)
    try ForeignFile.refuse(start, name: name, inArchive: inner.isArchive, file: shown)
    if let wide = WideText(start, file: shown) {
      stage.drop(2)
      stage = PeekedStage(RecodedStage(stage, by: wide))
      start = try stage.peek(Self.headBytes)
    }
    if DumpText.isDump(start) {
      guard !inner.isArchive else { throw ForeignFile.packedDump(shown) }
      let tables = DumpTables(stage, file: file)
      dump = tables
      return try tables.next().map { "\(file)/\($0)" }
    }
    stage.drop(SeparatorLine.count(start))
    if !DumpText.isJSON(start), let returns = LoneReturns(stage.ahead) {
      stage = PeekedStage(RecodedStage(stage, by: returns))
    }
    current = stage
    return name
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    if let dump { return try dump.read(into: buffer) }
    if let sheet { return try sheet.read(into: buffer) }
    return try current?.read(into: buffer) ?? 0
  }

  func finish() throws -> Digest {
    let digest = try inner.finish()
    if let sheet, try sheet.finish() != digest { throw SnapshotFault.changed(file) }
    return digest
  }
}

/// How the cells of a table are written.
package enum TableForm: Equatable, Sendable {
  /// By what the file looks like.
  case told
  /// PostgreSQL's text format, its first line the names of the columns; `line` is its number in the
  /// file, from 1.
  case copyText(line: Int)
}

/// The line `sep=;` that a spreadsheet wants at the top of a CSV file. Its line break stays, so that
/// lines keep their numbers.
enum SeparatorLine {
  static func count(_ start: ArraySlice<UInt8>) -> Int {
    let mark = start.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    let line = start.dropFirst(mark).prefix(8).prefix { $0 != 0x0A && $0 != 0x0D }
    guard line.count == 5, line.prefix(4).map({ $0 | 0x20 }).elementsEqual("sep=".map(\.ascii)),
      let separator = line.last, CSVHeader.separators.contains(separator)
    else { return 0 }
    return mark + line.count
  }
}

extension Character {
  fileprivate var ascii: UInt8 { (asciiValue ?? 0) | 0x20 }
}
