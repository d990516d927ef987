/// One result, held against the tokens that are known: whose token is new, who is frozen. Decides, and
/// writes nothing.
package struct ResultJudgement {
  package private(set) var counts = ResultCounts()
  /// Where the VIDs of the new tokens were sent, by registrant.
  private(set) var new: [SentPlaces.Place] = []
  /// Tokens that were known, and came again.
  private(set) var known: [SentPlaces.Place] = []
  private(set) var frozen: [(registrant: Int64, reason: FrozenRegistrant.Reason)] = []

  let answers: ResultAnswers
  let places: SentPlaces
  let origin: ResultOrigin
  /// Whether the same drop was judged and kept before, when the process was killed.
  package let isAnew: Bool
  private var tokens: KnownTokens
  private var isFrozen: Set<Int64>

  /// - Parameter frozen: who was frozen before.
  init(
    _ answers: ResultAnswers, _ places: SentPlaces, from origin: ResultOrigin,
    _ tokens: KnownTokens, frozen: Set<Int64>, isAnew: Bool
  ) {
    (self.answers, self.places, self.origin, self.tokens) = (answers, places, origin, tokens)
    (isFrozen, self.isAnew) = (frozen, isAnew)
  }

  mutating func run() {
    var isJudged = [Bool](repeating: false, count: answers.count)
    for place in places.places.sorted(by: { $0.registrant < $1.registrant })
    where !isJudged[place.entry] {
      isJudged[place.entry] = true
      judge(place)
    }
  }

  /// What a snapshot is to have of it.
  func newTokens() -> NewTokens {
    var tokens = NewTokens(type: origin.idType, frozen: Set(frozen.map(\.registrant)))
    for place in new {
      tokens.append(
        place.registrant, answers.entries[place.entry].vid, answers.token(of: place.entry))
    }
    return tokens
  }

  private mutating func judge(_ place: SentPlaces.Place) {
    let entry = answers.entries[place.entry]
    if let code = answers.code(of: place.entry), entry.status != .processed {
      counts.refused[code, default: 0] += 1
    } else if isFrozen.contains(place.registrant) {
      counts.frozen += 1
    } else if entry.isContradicted {
      freeze(place.registrant, .twoTokens)
    } else {
      judge(place, entry.vid, tokens.brought(place.entry))
    }
  }

  private mutating func judge(_ place: SentPlaces.Place, _ vid: VIDMark, _ token: VIDMark) {
    let registrant = place.registrant
    guard !tokens.hasOther(registrant, than: token) else {
      return freeze(registrant, .changedToken)
    }
    let holders = tokens.holders(of: token, besides: registrant)
    guard holders.isEmpty else {
      freeze(registrant, .sharedToken)
      for holder in holders where !isFrozen.contains(holder) { freeze(holder, .sharedToken) }
      return
    }
    guard !tokens.hasAnswer(to: vid, of: registrant) else {
      counts.known += 1
      return known.append(place)
    }
    counts.tokens += 1
    new.append(place)
    tokens.add(token, of: registrant, vid)
  }

  private mutating func freeze(_ registrant: Int64, _ reason: FrozenRegistrant.Reason) {
    isFrozen.insert(registrant)
    frozen.append((registrant, reason))
    counts.conflicts[reason, default: 0] += 1
  }
}
