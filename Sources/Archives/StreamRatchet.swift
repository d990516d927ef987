package import Secrets

/// What a receiver knows of one stream, and how it judges what arrives next. No files, no clock: the
/// times in headers decide nothing.
///
/// It moves forward only. What cannot be told (digests long forgotten, holes too many to note)
/// counts as received before: the answer is then `replayed`, never silence.
package struct StreamRatchet: Sendable, Hashable {
  /// Numbers that were skipped, with the digests that stand at both ends of the hole.
  package struct Hole: Sendable, Hashable {
    package let numbers: ClosedRange<Int64>
    /// Of the archive before the hole; nil when it begins at 1.
    package let after: Digest?
    /// Of the hole's last archive, as the one behind it says.
    package let before: Digest
  }

  /// The latest that were received, ascending, at most `most`; the last of all is among them.
  package private(set) var recent: [StreamPosition]
  /// Ascending, apart from each other, all below the last one received.
  package private(set) var holes: [Hole]

  /// How many digests, and how many holes, are remembered.
  package static let most = 256

  /// The highest number received; nil before the first.
  package var last: StreamPosition? { recent.last }

  /// Nothing received yet.
  package init() { (recent, holes) = ([], []) }

  /// A stream that begins anew with this archive, whatever came before.
  package init(startingAt arrival: StreamArrival) {
    (recent, holes) = ([arrival.position], [])
  }

  /// Nil unless the parts fit together.
  package init?(recent: [StreamPosition], holes: [Hole]) {
    let numbers = recent.map(\.sequence)
    let edges = holes.flatMap { [$0.numbers.lowerBound, $0.numbers.upperBound] }
    guard let first = numbers.first, let last = numbers.last, first >= 1,
      zip(numbers, numbers.dropFirst()).allSatisfy({ $0.0 < $0.1 }),
      zip(edges, edges.dropFirst()).allSatisfy({ $0.0 <= $0.1 }),
      edges.allSatisfy({ (1..<last).contains($0) }),
      !holes.contains(where: { hole in numbers.contains { hole.numbers.contains($0) } }),
      recent.count <= StreamRatchet.most, holes.count <= StreamRatchet.most
    else { return nil }
    (self.recent, self.holes) = (recent, holes)
  }

  /// What an arrival is, and how things stand once it is opened all the same. A fork is never
  /// followed: to go on with it, the stream must be begun anew.
  package func judge(_ arrival: StreamArrival) -> (finding: OrderFinding?, next: StreamRatchet) {
    let (number, digest) = (arrival.position.sequence, arrival.position.digest)
    if let known = self.digest(of: number) { return (known == digest ? .replayed : .forked, self) }
    if let hole = holes.firstIndex(where: { $0.numbers.contains(number) }) {
      return late(arrival, hole)
    }
    let wanted = (last?.sequence ?? 0) + 1
    if number < wanted { return (.replayed, received(arrival)) }
    if number == wanted {
      return arrival.previous == last?.digest ? (nil, received(arrival)) : (.forked, self)
    }
    guard let before = arrival.previous else { return (.forked, self) }
    var next = received(arrival)
    let missing = wanted...(number - 1)
    next.holes.append(Hole(numbers: missing, after: last?.digest, before: before))
    next.holes = next.holes.suffix(StreamRatchet.most)
    return (.sequenceGap(missing), next)
  }

  /// Whether this very archive was received. Older ones than are remembered count as received.
  package func has(_ position: StreamPosition) -> Bool {
    if let known = digest(of: position.sequence) { return known == position.digest }
    guard let first = recent.first, recent.count == StreamRatchet.most else { return false }
    return position.sequence < first.sequence
      && !holes.contains { $0.numbers.contains(position.sequence) }
  }

  private func digest(of number: Int64) -> Digest? {
    recent.first { $0.sequence == number }?.digest
  }

  /// One of the skipped. Its neighbours, where they are known, say what it must be.
  private func late(
    _ arrival: StreamArrival, _ index: Int
  ) -> (finding: OrderFinding?, next: StreamRatchet) {
    let (hole, number) = (holes[index], arrival.position.sequence)
    let (first, last) = (hole.numbers.lowerBound, hole.numbers.upperBound)
    if number == last, arrival.position.digest != hole.before { return (.forked, self) }
    if number == first, arrival.previous != hole.after { return (.forked, self) }
    var parts: [Hole] = []
    if number > first {
      guard let before = arrival.previous else { return (.forked, self) }
      parts.append(Hole(numbers: first...(number - 1), after: hole.after, before: before))
    }
    if number < last {
      parts.append(
        Hole(
          numbers: (number + 1)...last, after: arrival.position.digest, before: hole.before))
    }
    var next = received(arrival)
    next.holes.replaceSubrange(index...index, with: parts)
    next.holes = next.holes.suffix(StreamRatchet.most)
    return (.reordered, next)
  }

  private func received(_ arrival: StreamArrival) -> StreamRatchet {
    var next = self
    let place =
      recent.firstIndex { $0.sequence > arrival.position.sequence } ?? recent.endIndex
    next.recent.insert(arrival.position, at: place)
    next.recent = next.recent.suffix(StreamRatchet.most)
    return next
  }
}
