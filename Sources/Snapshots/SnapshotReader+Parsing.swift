internal import Glibc

extension SnapshotReader {
  /// Makes rows of the records in the batch's text.
  func parse(_ batch: RowBatch, of plan: ModelPlan) throws(SnapshotFault) {
    let rows = batch.tables[plan.number]
    let place = ProblemPlace(text: batch.records, limits: limits)
    for (index, span) in batch.records.spans.elements.enumerated() {
      let bytes = batch.records.bytes(of: span)
      try checkSize(bytes, of: index, batch)
      guard let events = batch.parser.parse(bytes, depth: limits.depth)?.baseAddress else {
        guard !batch.records.hasLines || !CopiedJSON.isOne(bytes) else {
          throw CopiedJSON.fault(at: batch.records.place(of: index))
        }
        throw try place.syntaxFault(record: index)
      }
      let hasEscapes = bytes.contains(UInt8(ascii: "\\"))
      if hasEscapes, batch.records.hasLines {
        intake.copied.note(bytes, at: batch.records.place(of: index))
      }
      let reading = RecordReading(
        intake: intake, batch: batch, events: events, record: UInt32(index),
        mayHoldNUL: hasEscapes)
      do {
        try reading.read(at: 0, of: plan, into: rows, parent: nil)
      } catch {
        throw try place.fault(error, record: index)
      }
    }
  }

  /// A parsed value costs many times its text, so that large records are looked at before.
  private func checkSize(
    _ bytes: UnsafeRawBufferPointer, of record: Int, _ batch: RowBatch
  ) throws(SnapshotFault) {
    guard bytes.count > min(limits.recordValues, limits.recordBytes) else { return }
    let place = batch.records.place(of: record)
    guard bytes.count <= limits.recordBytes else {
      throw SnapshotFault(
        .tooLarge, "the record is larger than \(limits.recordBytes) bytes", at: place)
    }
    guard bytes.count(where: { $0 == UInt8(ascii: ",") }) < limits.recordValues else {
      throw SnapshotFault(
        .tooLarge, "the record has more than \(limits.recordValues) values", at: place)
    }
  }
}

extension UnsafeRawBufferPointer {
  fileprivate func contains(_ byte: UInt8) -> Bool {
    guard let baseAddress else { return false }
    return memchr(baseAddress, Int32(byte), count) != nil
  }
}
