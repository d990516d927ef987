/// A growing row of plain values: what an array is, without reference counts and checks where a
/// million records pass through. Its memory moves when it grows.
package struct Pile<Element: BitwiseCopyable>: ~Copyable {
  package private(set) var base: UnsafeMutablePointer<Element>
  package private(set) var count = 0
  private(set) var capacity: Int

  package init(capacity: Int = 64) {
    self.capacity = max(1, capacity)
    base = .allocate(capacity: self.capacity)
  }

  deinit { base.deallocate() }

  package var elements: UnsafeMutableBufferPointer<Element> {
    UnsafeMutableBufferPointer(start: base, count: count)
  }

  package mutating func append(_ element: Element) { extend(by: 1)[0] = element }

  /// Makes room for `more` elements at the end and gives their place, uninitialised.
  package mutating func extend(by more: Int) -> UnsafeMutablePointer<Element> {
    reserve(count + more)
    defer { count += more }
    return base + count
  }

  /// Makes the pile able to hold `wanted` elements.
  package mutating func reserve(_ wanted: Int) {
    guard wanted > capacity else { return }
    resize(to: max(wanted, capacity * 2))
  }

  package mutating func cut(to count: Int) { self.count = min(self.count, count) }

  /// Forgets all elements, and gives back the memory beyond `keeping`.
  package mutating func clear(keeping: Int = .max) {
    count = 0
    if capacity > keeping { resize(to: max(1, keeping)) }
  }

  private mutating func resize(to capacity: Int) {
    let moved = UnsafeMutablePointer<Element>.allocate(capacity: capacity)
    moved.update(from: base, count: count)
    base.deallocate()
    base = moved
    self.capacity = capacity
  }
}
