import Files
import Jobs

/// Whose turn it is when more drops are complete than are taken at a time.
///
/// Drops that somebody may well wait for come first, oldest first among themselves, so that a
/// manifest never overtakes the snapshot that was dropped before it. A quarter of the places is for
/// the rest, so that junk is dealt with too. What a drop looks like is asked once and remembered.
struct Turns {
  struct Candidate {
    let name: EntryName
    let stamp: FileStamp
  }

  private var guesses: [Int: Bool] = [:]

  /// The candidates whose turn it is, at most so many.
  mutating func take(_ most: Int, of ready: [Candidate], in inbox: Folder) -> [EntryName] {
    guard ready.count > most else {
      guesses = [:]
      return ready.map(\.name)
    }
    let old = guesses
    guesses = Dictionary(minimumCapacity: ready.count)
    var (meant, rest): ([Candidate], [Candidate]) = ([], [])
    for candidate in ready {
      let key = candidate.stamp.hashValue
      let guess = old[key] ?? Turns.looksMeant(candidate, in: inbox)
      guesses[key] = guess
      if guess { meant.append(candidate) } else { rest.append(candidate) }
    }
    let forRest = min(rest.count, max(most / 4, most - meant.count))
    return Turns.oldest(most - forRest, of: meant) + Turns.oldest(forRest, of: rest)
  }

  /// By the time that nobody can set by hand.
  private static func oldest(_ count: Int, of candidates: [Candidate]) -> [EntryName] {
    let ordered =
      candidates.count <= count
      ? candidates
      : candidates.sorted { a, b in
        (a.stamp.changed, a.name) < (b.stamp.changed, b.name)
      }
    return ordered.prefix(count).map(\.name)
  }

  private static func looksMeant(_ candidate: Candidate, in inbox: Folder) -> Bool {
    guard (try? DropName(candidate.name)) != nil,
      let file = try? OpenFile(candidate.name, in: inbox, rules: .drop(limit: .max)),
      let start = try? DropStart(file)
    else { return false }
    return start.looksMeant
  }
}
