/// An expression that values are held against as Python's `re.match` does: from the first character,
/// to wherever the expression ends.
package struct ValidationPattern: Sendable {
  /// Why an expression cannot be honoured.
  package struct Problem: Error, Equatable {
    package let reason: String
  }

  private let program: PatternProgram
  /// What one value may cost: far more than any expression needs that a person wrote.
  private static let mostWork = 1_000_000

  /// - Throws: `Problem` for anything that is not surely understood.
  package init(_ text: String) throws(Problem) {
    do throws(PatternParser.Problem) {
      program = try PatternProgram(PatternParser.parse(text))
    } catch {
      throw Problem(reason: error.reason)
    }
  }

  /// - Parameter value: visible ASCII.
  /// - Returns: false as well for what would cost too much.
  package func matches(_ value: UnsafeBufferPointer<UInt8>) -> Bool {
    var run = PatternRun(program, value, work: Self.mostWork)
    return run.matches(from: 0, at: 0) && run.work > 0
  }
}

/// One value on its way through the steps.
private struct PatternRun {
  private let steps: [PatternProgram.Step]
  private let value: UnsafeBufferPointer<UInt8>
  /// What is left of the work that is allowed.
  private(set) var work: Int

  init(_ program: PatternProgram, _ value: UnsafeBufferPointer<UInt8>, work: Int) {
    (steps, self.value, self.work) = (program.steps, value, work)
  }

  mutating func matches(from step: Int, at start: Int) -> Bool {
    var (active, next): ([Int], [Int]) = ([], [])
    // By step, the position behind which it was last reached, counted from 1.
    var reached = [Int](repeating: 0, count: steps.count)
    if follow(step, start, &active, &reached) { return true }
    var position = start
    while !active.isEmpty, position < value.count, work > 0 {
      let byte = value[position]
      position += 1
      next.removeAll(keepingCapacity: true)
      for place in active {
        guard case .set(let set) = steps[place], set.contains(byte) else { continue }
        if follow(place + 1, position, &next, &reached) { return true }
      }
      swap(&active, &next)
    }
    return false
  }

  /// Notes each step that wants a character and can be reached without one.
  /// - Returns: whether the end of the expression can.
  private mutating func follow(
    _ first: Int, _ position: Int, _ found: inout [Int], _ reached: inout [Int]
  ) -> Bool {
    var open = [first]
    while let place = open.popLast() {
      work -= 1
      guard work > 0, reached[place] != position + 1 else { continue }
      reached[place] = position + 1
      switch steps[place] {
      case .match: return true
      case .set: found.append(place)
      case .jump(let target): open.append(target)
      case .split(let one, let other):
        open.append(other)
        open.append(one)
      case .start: if position == 0 { open.append(place + 1) }
      case .end: if position == value.count { open.append(place + 1) }
      case .wordEdge(let isEdge):
        if (isWord(position - 1) != isWord(position)) == isEdge { open.append(place + 1) }
      case .ahead(let isWanted, let then):
        if matches(from: place + 1, at: position) == isWanted { open.append(then) }
      }
    }
    return false
  }

  private func isWord(_ position: Int) -> Bool {
    value.indices.contains(position) && ASCIISet.word.contains(value[position])
  }
}
