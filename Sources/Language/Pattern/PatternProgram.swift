/// An expression as steps that are followed all at once.
struct PatternProgram: Sendable {
  enum Step: Sendable {
    /// Takes a character of the set and goes on with the next step.
    case set(ASCIISet)
    case split(Int, Int)
    case jump(Int)
    case start
    case end
    case wordEdge(isEdge: Bool)
    /// Goes on at `then` if the steps from here match, or do not.
    case ahead(isWanted: Bool, then: Int)
    case match
  }

  private(set) var steps: [Step] = []
  private var work = 0
  private static let mostSteps = 1_000
  private static let mostWork = 20_000

  init(_ node: PatternNode) throws(PatternParser.Problem) {
    try add(node)
    try add(.match)
  }

  private mutating func add(_ step: Step) throws(PatternParser.Problem) {
    guard steps.count < Self.mostSteps else {
      throw PatternParser.Problem(reason: "it makes more than \(Self.mostSteps) steps")
    }
    steps.append(step)
  }

  private mutating func add(_ node: PatternNode) throws(PatternParser.Problem) {
    work += 1
    guard work <= Self.mostWork else {
      throw PatternParser.Problem(reason: "it is too large, written out")
    }
    switch node {
    case .set(let set): try add(Step.set(set))
    case .start: try add(Step.start)
    case .end: try add(Step.end)
    case .wordEdge(let isEdge): try add(Step.wordEdge(isEdge: isEdge))
    case .sequence(let parts): for part in parts { try add(part) }
    case .choice(let ways): try add(ways: ways)
    case .repeated(let part, let least, let most): try add(part, least, most)
    case .ahead(let part, let isWanted):
      let place = steps.count
      try add(Step.ahead(isWanted: isWanted, then: 0))
      try add(part)
      try add(Step.match)
      steps[place] = .ahead(isWanted: isWanted, then: steps.count)
    }
  }

  private mutating func add(ways: [PatternNode]) throws(PatternParser.Problem) {
    var jumps: [Int] = []
    for (index, way) in ways.enumerated() {
      guard index < ways.count - 1 else {
        try add(way)
        break
      }
      let place = steps.count
      try add(Step.split(place + 1, 0))
      try add(way)
      jumps.append(steps.count)
      try add(Step.jump(0))
      steps[place] = .split(place + 1, steps.count)
    }
    for jump in jumps { steps[jump] = .jump(steps.count) }
  }

  private mutating func add(
    _ part: PatternNode, _ least: Int, _ most: Int?
  ) throws(PatternParser.Problem) {
    for _ in 0..<least { try add(part) }
    guard let most else {
      let place = steps.count
      try add(Step.split(place + 1, 0))
      try add(part)
      try add(Step.jump(place))
      steps[place] = .split(place + 1, steps.count)
      return
    }
    var splits: [Int] = []
    for _ in least..<most {
      splits.append(steps.count)
      try add(Step.split(steps.count + 1, 0))
      try add(part)
    }
    for split in splits { steps[split] = .split(split + 1, steps.count) }
  }
}
