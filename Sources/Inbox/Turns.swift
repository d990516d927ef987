import Files
import Jobs

/// Whose turn it is when more drops are complete than are taken at a time.
///
/// Drops that somebody may well wait for come first, oldest first among themselves, so that a
/// manifest never overtakes the snapshot that was dropped before it. Every fourth place is for the
/// rest, so that junk is dealt with too. What a drop looks like is asked once and remembered.
struct Turns {
  struct Candidate {
    let name: EntryName
    let stamp: FileStamp

    /// Nanoseconds since 1970; only for order.
    fileprivate var age: Int {
      stamp.changed.seconds &* 1_000_000_000 &+ stamp.changed.nanoseconds
    }
  }

  private var guesses: [Int: Bool] = [:]

  /// The candidates in the order of their turns, at most so many.
  mutating func order(_ most: Int, of ready: [Candidate], in inbox: Folder) -> [Candidate] {
    let old = guesses
    guesses = Dictionary(minimumCapacity: ready.count)
    var (meant, rest): ([Candidate], [Candidate]) = ([], [])
    for candidate in ready {
      let key = candidate.stamp.hashValue
      let guess = old[key] ?? Turns.looksMeant(candidate, in: inbox)
      guesses[key] = guess
      if guess { meant.append(candidate) } else { rest.append(candidate) }
    }
    return Turns.woven(Turns.oldest(most, of: meant), Turns.oldest(most, of: rest), most)
  }

  /// Three of the first for one of the second, until both are at their ends.
  private static func woven(_ a: [Candidate], _ b: [Candidate], _ most: Int) -> [Candidate] {
    var woven: [Candidate] = []
    var (first, second) = (a[...], b[...])
    while woven.count < most, !first.isEmpty || !second.isEmpty {
      woven += first.prefix(3)
      first = first.dropFirst(3)
      woven += second.prefix(1)
      second = second.dropFirst(1)
    }
    return Array(woven.prefix(most))
  }

  /// By the time that nobody can set by hand.
  private static func oldest(_ count: Int, of candidates: [Candidate]) -> [Candidate] {
    var few = candidates
    if candidates.count > count {
      // Numbers are quick to sort; only those before the limit are compared by name as well.
      let limit = candidates.map(\.age).sorted()[count - 1]
      few = candidates.filter { $0.age <= limit }
    }
    few.sort { a, b in
      a.stamp.changed == b.stamp.changed
        ? a.name < b.name : a.stamp.changed < b.stamp.changed
    }
    return Array(few.prefix(count))
  }

  private static func looksMeant(_ candidate: Candidate, in inbox: Folder) -> Bool {
    guard let file = try? OpenFile(candidate.name, in: inbox, rules: .drop(limit: .max)),
      let start = try? DropStart(file)
    else { return false }
    return start.looksMeant
  }
}
