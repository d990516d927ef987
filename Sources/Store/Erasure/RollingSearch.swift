/// Finds windows of one length whose rolling hash is one of many.
///
/// A Bloom filter, small enough for the processor's cache and with all bits of a value in one word,
/// answers nearly all questions; a table without links answers the rest.
struct RollingSearch {
  let length: Int
  private let base: UInt64
  /// What a byte takes away when it leaves the window.
  private let leaving: [UInt64]
  private let filter: [UInt64]
  private let slots: [UInt64]

  /// - Parameter hashes: of values of that length.
  init(_ hashes: [UInt64], length: Int, _ print: VIDPrint) {
    self.length = length
    base = print.base
    let power = print.power(length)
    leaving = (0..<256).map { VIDPrint.modulus - VIDPrint.step(power, $0 + 1, 0) }
    var filter = [UInt64](repeating: 0, count: Self.room(hashes.count, least: 1 << 12) / 16)
    var slots = [UInt64](repeating: 0, count: Self.room(hashes.count, least: 16))
    for hash in hashes {
      filter[Int(hash >> 6) & (filter.count - 1)] |= Lanes.bits(hash)
      var at = Int(hash >> 20) & (slots.count - 1)
      while slots[at] != 0, slots[at] != hash + 1 { at = (at + 1) & (slots.count - 1) }
      slots[at] = hash + 1
    }
    (self.filter, self.slots) = (filter, slots)
  }

  /// A power of two, twice the count or more.
  private static func room(_ count: Int, least: Int) -> Int {
    var room = least
    while room < 2 * count { room *= 2 }
    return room
  }

  /// Calls `found` with the place of each window that begins at `first` or later and has a known
  /// hash, in no order.
  func search(
    _ bytes: UnsafeBufferPointer<UInt8>, from first: Int, _ found: (Int) -> Void
  ) {
    let windows = bytes.count - length + 1 - first
    guard windows > 0, let start = bytes.baseAddress else { return }
    filter.withUnsafeBufferPointer { filter in
      leaving.withUnsafeBufferPointer { leaving in
        let lanes = Lanes(base, length, start, leaving, filter)
        // Each step waits for the one before; four at once keep the processor busy.
        let share = windows / 4
        if share > 4 * length {
          lanes.four(from: first, share) { if isKnown($1) { found($0) } }
        }
        let done = share > 4 * length ? 4 * share : 0
        lanes.one(from: first + done, windows - done) { if isKnown($1) { found($0) } }
      }
    }
  }

  private func isKnown(_ hash: UInt64) -> Bool {
    var at = Int(hash >> 20) & (slots.count - 1)
    while slots[at] != 0 {
      if slots[at] == hash + 1 { return true }
      at = (at + 1) & (slots.count - 1)
    }
    return false
  }
}

/// Windows that roll over bytes. The bytes, the table and the filter are the caller's.
private struct Lanes {
  private let base: UInt64
  private let length: Int
  private let start: UnsafePointer<UInt8>
  private let leaving: UnsafeBufferPointer<UInt64>
  private let filter: UnsafeBufferPointer<UInt64>
  private let mask: Int

  init(
    _ base: UInt64, _ length: Int, _ start: UnsafePointer<UInt8>,
    _ leaving: UnsafeBufferPointer<UInt64>, _ filter: UnsafeBufferPointer<UInt64>
  ) {
    (self.base, self.length, self.start) = (base, length, start)
    (self.leaving, self.filter, mask) = (leaving, filter, filter.count - 1)
  }

  private func first(_ at: Int) -> UInt64 {
    VIDPrint(exactly: base).hash(UnsafeBufferPointer(start: start + at, count: length))
  }

  /// The hash of the window behind the one at `at`.
  @inline(__always)
  private func next(_ hash: UInt64, _ at: Int) -> UInt64 {
    VIDPrint.step(
      hash, base, UInt64(start[at &+ length]) &+ 1 &+ leaving[Int(start[at])])
  }

  @inline(__always)
  private func mayBe(_ hash: UInt64) -> Bool {
    let bits = Self.bits(hash)
    return filter[Int(truncatingIfNeeded: hash &>> 6) & mask] & bits == bits
  }

  /// Three bits of a word.
  @inline(__always)
  static func bits(_ hash: UInt64) -> UInt64 {
    1 &<< (hash & 63) | 1 &<< (hash &>> 40 & 63) | 1 &<< (hash &>> 46 & 63)
  }

  /// `count` windows, at least one.
  func one(from at: Int, _ count: Int, _ visit: (Int, UInt64) -> Void) {
    guard count > 0 else { return }
    var hash = first(at)
    if mayBe(hash) { visit(at, hash) }
    for place in at..<(at + count - 1) {
      hash = next(hash, place)
      if mayBe(hash) { visit(place + 1, hash) }
    }
  }

  /// Four times `count` windows.
  func four(from at: Int, _ count: Int, _ visit: (Int, UInt64) -> Void) {
    var (a, b, c, d) = (at, at + count, at + 2 * count, at + 3 * count)
    var (ha, hb, hc, hd) = (first(a), first(b), first(c), first(d))
    var left = count
    while true {
      if mayBe(ha) { visit(a, ha) }
      if mayBe(hb) { visit(b, hb) }
      if mayBe(hc) { visit(c, hc) }
      if mayBe(hd) { visit(d, hd) }
      left &-= 1
      guard left > 0 else { return }
      (ha, hb, hc, hd) = (next(ha, a), next(hb, b), next(hc, c), next(hd, d))
      (a, b, c, d) = (a &+ 1, b &+ 1, c &+ 1, d &+ 1)
    }
  }
}
