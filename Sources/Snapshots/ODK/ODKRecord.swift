internal import CSimdjson

/// The events of one record that we make up of a submission's: a flat object.
struct ODKRecord {
  private(set) var events: [sj_event] = []

  init() {
    events.reserveCapacity(64)
    add(SJ_OBJECT) { $0.natural = 0 }
  }

  private mutating func add(
    _ kind: sj_kind, length: UInt32 = 0, _ payload: (inout sj_event.__Unnamed_union_payload) -> Void
  ) {
    var event = sj_event()
    event.kind = UInt8(kind.rawValue)
    event.length = length
    payload(&event.payload)
    events.append(event)
  }

  mutating func add(_ field: ODKModel.Field) {
    add(SJ_KEY, length: field.length) { $0.bytes = UnsafePointer(field.key) }
  }

  mutating func add(_ field: ODKModel.Field, _ number: Int64) {
    add(field)
    add(SJ_INT) { $0.integer = number }
  }

  mutating func add(_ field: ODKModel.Field, text event: sj_event) {
    add(field)
    events.append(event)
  }

  /// Copies the value at `start` of other events.
  mutating func add(_ field: ODKModel.Field, _ others: UnsafePointer<sj_event>, at start: Int) {
    add(field)
    let isOpen = others[start].sort == .object || others[start].sort == .array
    let shift = events.count - start
    for at in start...(isOpen ? others[start].end : start) {
      var event = others[at]
      if event.sort == .object || event.sort == .array {
        event.payload.natural = UInt64(event.end + shift)
      }
      events.append(event)
    }
  }

  mutating func close() {
    events[0].payload.natural = UInt64(events.count)
    add(SJ_END) { $0.natural = 0 }
  }
}
