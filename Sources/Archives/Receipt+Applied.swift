internal import JSONText

/// What became of a registry patch, as a receipt says it.
extension Receipt {
  /// More gaps are told coarser.
  package static let mostRanges = 1_000

  /// - Returns: why it cannot be said of a patch of so many operations, or nil.
  static func objection(
    _ done: Int64, _ stale: [ClosedRange<Int64>], operations: Int64
  ) -> String? {
    guard stale.count <= mostRanges else { return "there are more than \(mostRanges) ranges" }
    var (last, count): (Int64, Int64) = (-1, 0)
    for range in stale {
      // Two that touch are one; and the first number is 1.
      guard range.lowerBound > last + 1, range.upperBound <= operations else {
        return "the stale operations are not ascending numbers of the patch"
      }
      (last, count) = (range.upperBound, count + Int64(range.count))
    }
    return done == operations - count
      ? nil : "done and stale operations are not the \(operations) of the patch"
  }

  static func members(_ done: Int64, _ stale: [ClosedRange<Int64>]) -> [JSON.Member] {
    let ranges = stale.map { JSON.array([.int($0.lowerBound), .int($0.upperBound)]) }
    return [.init("done", .int(done)), .init("stale", .array(ranges))]
  }

  static func applied(_ members: inout JSONObjectCursor) throws -> State {
    let done = try members.required("done").integer(in: ArchiveDraft.recordCounts)
    let stale = try members.required("stale")
    return .applied(done: done, stale: try stale.array().map(range))
  }

  private static func range(_ cursor: JSONCursor) throws -> ClosedRange<Int64> {
    let ends = try cursor.array().map { try $0.integer(in: ArchiveDraft.sequences) }
    guard ends.count == 2, ends[0] <= ends[1] else {
      throw cursor.fault("malformed", "this is not the first and last number of a range")
    }
    return ends[0]...ends[1]
  }
}

extension Receipt.State {
  /// What a patch came to, told in as many ranges as a receipt may have: where there are more, the
  /// narrowest gaps are taken for stale too, so that nothing is called done that is not.
  /// - Parameter stale: numbers of operations, ascending, each once.
  package static func applied(operations: Int64, stale numbers: [Int64]) -> Receipt.State {
    var ranges: [ClosedRange<Int64>] = []
    for number in numbers {
      if let last = ranges.last, last.upperBound + 1 == number {
        ranges[ranges.count - 1] = last.lowerBound...number
      } else {
        ranges.append(number...number)
      }
    }
    ranges = joined(ranges, atMost: Receipt.mostRanges)
    let stale = ranges.reduce(0) { $0 + Int64($1.count) }
    return .applied(done: operations - stale, stale: ranges)
  }

  private static func joined(
    _ ranges: [ClosedRange<Int64>], atMost most: Int
  ) -> [ClosedRange<Int64>] {
    guard ranges.count > most else { return ranges }
    let gaps = zip(ranges.dropFirst(), ranges).map { $0.lowerBound - $1.upperBound }
    let kept = Set(gaps.indices.sorted { gaps[$0] > gaps[$1] }.prefix(most - 1))
    var joined = [ranges[0]]
    for (index, range) in ranges.dropFirst().enumerated() {
      if kept.contains(index) {
        joined.append(range)
      } else {
        joined[joined.count - 1] = joined[joined.count - 1].lowerBound...range.upperBound
      }
    }
    return joined
  }
}
