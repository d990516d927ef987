/// Values by key, of which most keys have one: without a list for each.
struct Multimap<Key: Hashable, Value> {
  /// The place of a key's last value, and with each value that of the one before; 32 bits are enough
  /// for what memory holds.
  private var lasts: [Key: Int32] = [:]
  private var links: [(value: Value, before: Int32)] = []

  mutating func add(_ value: Value, to key: Key) {
    let before = lasts.updateValue(Int32(links.count), forKey: key)
    links.append((value, before ?? -1))
  }

  /// The last one first.
  func values(of key: Key) -> some Sequence<Value> {
    sequence(state: lasts[key] ?? -1) { [links] place -> Value? in
      guard place >= 0 else { return nil }
      let link = links[Int(place)]
      place = link.before
      return link.value
    }
  }
}
