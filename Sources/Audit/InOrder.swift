internal import Glibc

/// Does `work` for each number below `count`, as many at once as there are processors, and hands
/// the results over in order; never more than
/// `inFlight` are begun and not taken: four for each processor, if that is not said.
func inOrder<Item: Sendable>(
  _ count: Int, inFlight: Int? = nil, _ work: @escaping @Sendable (Int) throws -> Item,
  take: (Item) throws -> Void
) async throws {
  let most = inFlight ?? 4 * max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
  try await withThrowingTaskGroup(of: (Int, Item).self) { group in
    var (begun, taken, waiting) = (0, 0, [Int: Item]())
    while taken < count {
      while begun < count, begun < taken + most {
        let number = begun
        group.addTask { (number, try work(number)) }
        begun += 1
      }
      guard let (number, item) = try await group.next() else { return }
      waiting[number] = item
      while let item = waiting.removeValue(forKey: taken) {
        try take(item)
        taken += 1
      }
    }
  }
}
