/// A growing row of plain values: what an array is, without reference counts and checks where a
/// million records pass through. Its memory moves when it grows.
///
/// Count and capacity lie in memory of their own, so that a pile can be a constant: the access
/// checks on variables of classes cost more than all that is done here.
package struct Pile<Element: BitwiseCopyable>: ~Copyable {
  private struct Header {
    var base: UnsafeMutablePointer<Element>
    var count: Int
    var capacity: Int
  }

  private let header: UnsafeMutablePointer<Header>

  package init(capacity: Int = 64) {
    header = .allocate(capacity: 1)
    let capacity = max(1, capacity)
    header.initialize(
      to: Header(base: .allocate(capacity: capacity), count: 0, capacity: capacity))
  }

  deinit {
    header.pointee.base.deallocate()
    header.deallocate()
  }

  package var base: UnsafeMutablePointer<Element> { header.pointee.base }
  package var count: Int { header.pointee.count }

  package var elements: UnsafeMutableBufferPointer<Element> {
    UnsafeMutableBufferPointer(start: base, count: count)
  }

  package func append(_ element: Element) { extend(by: 1).initialize(to: element) }

  /// Makes room for `more` elements at the end and gives their place, uninitialised.
  package func extend(by more: Int) -> UnsafeMutablePointer<Element> {
    let count = header.pointee.count
    reserve(count + more)
    header.pointee.count = count + more
    return base + count
  }

  /// Makes the pile able to hold `wanted` elements.
  package func reserve(_ wanted: Int) {
    guard wanted > header.pointee.capacity else { return }
    resize(to: max(wanted, header.pointee.capacity * 2))
  }

  package func cut(to count: Int) { header.pointee.count = min(self.count, count) }

  /// Forgets all elements, and gives back the memory beyond `keeping`.
  package func clear(keeping: Int = .max) {
    header.pointee.count = 0
    if header.pointee.capacity > keeping { resize(to: max(1, keeping)) }
  }

  private func resize(to capacity: Int) {
    let moved = UnsafeMutablePointer<Element>.allocate(capacity: capacity)
    moved.update(from: base, count: count)
    base.deallocate()
    header.pointee.base = moved
    header.pointee.capacity = capacity
  }
}
