/// A CSV file while it is read: what its rows are is worked out when the first of them are at hand.
final class CSVFile {
  enum Content {
    case records(ModelPlan)
    case pairs(table: String)
  }

  private enum Reader {
    case records(CSVRecords)
    case pairs(CSVPairs)
  }

  private let file: String
  private let intake: Intake
  private let content: Content
  private var reader: Reader?

  /// The fields that its columns are of, or lead over; once it has begun.
  private(set) var fields: Set<String> = []

  init(_ file: String, _ intake: Intake, _ content: Content) {
    (self.file, self.intake, self.content) = (file, intake, content)
  }

  /// Makes rows of the batch's text.
  func read(_ batch: RowBatch, _ header: CSVHeader) throws(SnapshotFault) {
    try begin(header, batch)
    switch reader {
    case .records(let records): try records.read(batch)
    case .pairs(let pairs): try pairs.read(batch)
    case nil: break
    }
  }

  /// Makes the columns and lists that the header names, the first time.
  func begin(_ header: CSVHeader, _ batch: RowBatch) throws(SnapshotFault) {
    guard reader == nil else { return }
    guard !intake.isDelta else {
      throw SnapshotFault(
        .csvDelta, "in CSV, nothing tells what a record of a delta leaves as it is",
        at: SnapshotPlace(file))
    }
    switch content {
    case .records(let plan):
      fields = Set(
        header.names.compactMap { CSVPath($0, of: plan.name, in: intake.catalog)?.steps.first })
      reader = .records(
        try CSVRecords(header, of: plan, intake: intake, into: batch, file: file))
    case .pairs(let table):
      reader = .pairs(
        try CSVPairs(header, table: table, intake: intake, into: batch, file: file))
    }
  }
}
