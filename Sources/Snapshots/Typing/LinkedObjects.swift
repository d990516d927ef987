internal import CSimdjson
internal import Glibc
internal import Language

/// A linked record as `web_read` writes it: `{"id": 5, "display_name": "North"}`.
struct LinkedObject {
  /// The events of its id, and of its name if that is a text.
  let id: Int
  let name: Int?
  /// Whether it has no other members, so that it is a link and no record.
  let isBare: Bool

  /// - Parameter at: where the object begins.
  /// - Returns: nil if it has no id.
  init?(_ events: UnsafePointer<sj_event>, at start: Int) {
    var (id, name, isBare) = (Int?.none, Int?.none, true)
    var at = start + 1
    while at < events[start].end {
      let value = at + 1
      if Self.matches(events[at], "id") {
        id = value
      } else if Self.matches(events[at], "display_name") {
        name = events[value].sort == .text ? value : nil
      } else {
        isBare = false
      }
      let isOpen = events[value].sort == .object || events[value].sort == .array
      at = isOpen ? events[value].end + 1 : value + 1
    }
    guard let id else { return nil }
    (self.id, self.name, self.isBare) = (id, name, isBare)
  }

  private static func matches(_ key: sj_event, _ name: StaticString) -> Bool {
    Int(key.length) == name.utf8CodeUnitCount
      && memcmp(key.payload.bytes, name.utf8Start, name.utf8CodeUnitCount) == 0
  }
}

extension RecordReading {
  /// Whether a list of objects is one of links: of a many2many, or holding no more than ids and names.
  func areLinks(_ waiting: WaitingList, of plan: ModelPlan) -> Bool {
    let list = waiting.event
    // The first object mostly tells.
    if LinkedObject(events, at: list + 1)?.isBare == true, areBare(list) { return true }
    // Who has read records of it before need not look it up.
    if plan.slots.elements[Int(waiting.slot)].hadRecords { return false }
    return plan.description?[plan.name(of: waiting.slot)]?.type == .many2many
  }

  private func areBare(_ list: Int) -> Bool {
    var at = list + 1
    while at < events[list].end {
      guard events[at].sort == .object else { return true }
      guard LinkedObject(events, at: at)?.isBare == true else { return false }
      at = events[at].end + 1
    }
    return true
  }

  /// The id of an element of a list of links.
  @inline(__always) func link(
    at: Int, ofObjects: Bool, names: () -> Int32
  ) throws(RecordProblem) -> Int64 {
    if events[at].sort == .array {
      throw RecordProblem(
        .wrongType, "an id was expected, and this is a list: a command, as `write` takes them",
        event: at)
    }
    guard ofObjects else { return try id(events[at], at).integer }
    guard events[at].sort == .object, let linked = LinkedObject(events, at: at) else {
      throw .wrongType("a linked record with its id", events[at].sort, event: at)
    }
    let id = try id(events[linked.id], linked.id)
    if let name = linked.name {
      let number = names()
      if number != Slot.none { try noteName(id.integer, named: name, Int(number)) }
    }
    return id.integer
  }
}
