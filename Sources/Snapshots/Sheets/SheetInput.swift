internal import Secrets
internal import XMLText

/// The first sheet of a workbook, as the CSV that Odoo would have written.
///
/// The texts of the cells stand apart from the sheet, and mostly behind it: so the zip is read twice.
final class SheetInput {
  private let input: any SnapshotInput
  private let file: String
  private let others: Int
  private var rows: SheetRows
  private var ready: [UInt8] = []
  private var given = 0
  private var isAtEnd = false

  /// Nil if the zip is no workbook.
  /// - Throws: `badSheet`, and what reading throws.
  init?(
    _ reopen: () throws -> any SnapshotInput, first: String, file: String
  ) throws {
    self.file = file
    do {
      guard let parts = try SheetParts(try reopen(), file: file) else {
        guard !SheetParts.isOffice(first) else {
          throw SnapshotFault(
            .spreadsheet, "this is a document of an office program, and no workbook (XLSX)",
            at: SnapshotPlace(file))
        }
        return nil
      }
      let path = try parts.sheet()
      let input = try reopen()
      while let name = try input.next(), name != path {}
      (self.input, others) = (input, parts.others)
      rows = SheetRows(parts, try XMLStream { try input.read(into: $0) }, file: file)
    } catch {
      throw Self.named(error, file)
    }
  }

  var notes: [String] {
    let sheets =
      others == 0 ? [] : ["\(SnapshotPlace(file)): of the workbook only its first sheet is read"]
    return sheets
      + rows.longNumbers.sorted().map { column in
        "\(SnapshotPlace(file, column: column + 1)): numbers of more than 15 digits, of which a spreadsheet keeps only 15"
      }
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    while given == ready.count, !isAtEnd { try refill() }
    let piece = ready[given...].prefix(buffer.count)
    buffer.copyBytes(from: piece)
    given += piece.count
    return piece.count
  }

  private func refill() throws {
    ready.removeAll(keepingCapacity: true)
    given = 0
    do {
      while ready.count < 64 << 10, !isAtEnd { isAtEnd = try !rows.next(into: &ready) }
    } catch {
      throw Self.named(error, file)
    }
  }

  /// The rest of the zip must be sound as well.
  func finish() throws -> Digest {
    while try input.next() != nil {}
    return try input.finish()
  }

  private static func named(_ error: any Error, _ file: String) -> any Error {
    guard let fault = error as? XMLFault, fault.kind != .outOfMemory else { return error }
    return SnapshotFault(.badSheet, "the workbook: \(fault.message)", at: SnapshotPlace(file))
  }
}
