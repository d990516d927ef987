internal import Glibc

/// A person's row in a table that PostgreSQL joined, kept to be held against the rows that repeat
/// it: they may differ in nothing but the VID that was joined.
final class CSVJoined {
  private struct Kept {
    let text: [UInt8]
    let isQuoted: Bool
  }

  /// The columns that must not differ.
  private let columns: [Int32]
  /// The row that the person began with, while its batch is in hand.
  private var first: CSVReading?
  /// The same, when its batch is gone.
  private var kept: [Kept] = []

  init(_ header: CSVHeader, _ joined: JoinedVID?) {
    columns = header.names.indices.filter { joined?.holds($0) != true }.map(Int32.init)
  }

  func begin(_ row: CSVReading) { first = row }

  /// Copies what must outlive the batch.
  func keep() {
    guard let first else { return }
    kept = columns.map { column in
      Kept(text: Array(first.bytes(column)), isQuoted: first.cells[Int(column)].isQuoted)
    }
    self.first = nil
  }

  /// - Throws: a problem at the first column that differs.
  func requireSame(_ row: CSVReading) throws(RecordProblem) {
    for (index, column) in columns.enumerated() where !isSame(row, index, column) {
      throw RecordProblem(
        .duplicateID, "the row before it has the same id and something else in this column",
        event: Int(column))
    }
  }

  private func isSame(_ row: CSVReading, _ index: Int, _ column: Int32) -> Bool {
    let quoted = row.cells[Int(column)].isQuoted
    if let first {
      return Self.same(
        first.bytes(column), first.cells[Int(column)].isQuoted, row.bytes(column), quoted)
    }
    return kept[index].text.withUnsafeBufferPointer { text in
      Self.same(text, kept[index].isQuoted, row.bytes(column), quoted)
    }
  }

  /// Quotes make a difference where nothing is between them: NULL is no empty text.
  private static func same(
    _ a: UnsafeBufferPointer<UInt8>, _ aQuoted: Bool,
    _ b: UnsafeBufferPointer<UInt8>, _ bQuoted: Bool
  ) -> Bool {
    guard a.count == b.count else { return false }
    guard let left = a.baseAddress, let right = b.baseAddress, a.count > 0 else {
      return aQuoted == bQuoted
    }
    return memcmp(left, right, a.count) == 0
  }
}
