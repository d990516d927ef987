internal import CSimdjson

/// simdjson with the memory of one batch: the texts that it gives stay valid until `clear`.
final class RecordParser {
  private let parser: OpaquePointer

  init() throws(SnapshotFault) {
    guard let parser = sj_parser_new() else {
      throw SnapshotFault(.outOfMemory, "out of memory")
    }
    self.parser = parser
  }

  deinit { sj_parser_free(parser) }

  /// Parses one record; nil if it is not good JSON. The events are valid until the next call, the
  /// texts until `clear`. `sj_padding()` bytes after the record must be readable.
  func parse(
    _ record: UnsafeRawBufferPointer, depth: Int
  ) -> UnsafeBufferPointer<sj_event>? {
    sj_forget_events(parser)
    let outcome = sj_append(
      parser, record.assumingMemoryBound(to: CChar.self).baseAddress, record.count, UInt32(depth))
    return outcome.fault == SJ_OK.rawValue ? events : nil
  }

  /// Parses again with the places of all events, which are the same events.
  func locate(_ record: UnsafeRawBufferPointer, depth: Int) -> LocatedRecord {
    sj_forget_events(parser)
    let outcome = sj_append_located(
      parser, record.assumingMemoryBound(to: CChar.self).baseAddress, record.count, UInt32(depth))
    return LocatedRecord(
      fault: sj_fault(UInt32(outcome.fault)), faultOffset: Int(outcome.offset), events: events)
  }

  func clear() { sj_clear(parser) }

  private var events: UnsafeBufferPointer<sj_event> {
    var count = 0
    let start = sj_events(parser, &count)
    return UnsafeBufferPointer(start: start, count: count)
  }
}

/// What the slow walker says of a record.
struct LocatedRecord {
  let fault: sj_fault
  let faultOffset: Int
  let events: UnsafeBufferPointer<sj_event>
}
