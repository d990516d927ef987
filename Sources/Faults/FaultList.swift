/// Several faults of one input, told at once, in the order of the text. Its own code, message and
/// place are the first's, so that it serves wherever one fault does.
package struct FaultList: Fault {
  /// At least one, at most a hundred.
  package let all: [any Fault]

  /// The most that are told.
  package static let most = 100

  package init(_ first: any Fault, _ rest: [any Fault] = []) {
    var told: Set<String> = []
    let once = ([first] + rest).flatMap { ($0 as? FaultList)?.all ?? [$0] }
      .filter { told.insert("\($0.code) \($0.message)").inserted }
    let ordered = once.enumerated().sorted { a, b in
      let (left, right) = (FaultList.rank(a.element), FaultList.rank(b.element))
      return left == right ? a.offset < b.offset : left < right
    }
    all = ordered.prefix(FaultList.most).map(\.element)
  }

  /// Nil if there is nothing to tell.
  package init?(of faults: [any Fault]) {
    guard let first = faults.first else { return nil }
    self.init(first, Array(faults.dropFirst()))
  }

  private var first: any Fault { all[0] }
  package var code: String { first.code }
  package var message: String { first.message }
  package var hint: String? { first.hint }
  package var place: FaultPlace? { first.place }
  package var blame: Blame { first.blame }

  /// What stands in the text before what stands nowhere.
  private static func rank(_ fault: any Fault) -> [Int] {
    guard let place = fault.place, let line = place.line else { return [.max] }
    return [line, place.column ?? 0, place.inside?.line ?? 0, place.inside?.column ?? 0]
  }
}

extension [Int] {
  fileprivate static func < (a: [Int], b: [Int]) -> Bool { a.lexicographicallyPrecedes(b) }
}
