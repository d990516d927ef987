internal import GRDB
internal import Secrets

/// What `tokens.sqlite` and the registry know of the tokens that a result brings, and of the registrants
/// that it brings them for. Both are read once, whatever the result's size. Tokens are told apart by
/// keyed marks.
struct KnownTokens {
  private struct Own {
    let token: VIDMark
    /// That it answers; nil for a token of the registry's.
    let vid: VIDMark?
  }

  /// By the place of the answer.
  private var brought: [VIDMark] = []
  private var own = Multimap<Int64, Own>()
  private var holders = Multimap<VIDMark, Int64>()

  init(
    _ answers: ResultAnswers, _ places: SentPlaces, _ hasher: VIDHasher, in database: Database,
    besides origin: ResultOrigin, registry: [RegistryToken]
  ) throws {
    brought = answers.entries.indices.map { place in
      answers.token(of: place).withUnsafeBufferPointer { hasher.mark($0) }
    }
    let (tokens, registrants) = (Set(brought), Set(places.places.map(\.registrant)))
    func note(_ registrant: Int64, _ token: VIDMark, _ vid: VIDMark?) {
      if registrants.contains(registrant) {
        own.add(Own(token: token, vid: vid), to: registrant)
      }
      if tokens.contains(token) { holders.add(registrant, to: token) }
    }
    let rows = try BareStatement(
      database, "SELECT registrant, token, vid FROM tokens WHERE source <> ?")
    rows.bind(origin.digest.bytes, at: 1)
    while try rows.next() { note(rows.integer(0), hasher.mark(rows.text(1)), rows.mark(2)) }
    for token in registry { note(token.registrant, token.mark, nil) }
  }

  /// The token that an answer brings.
  func brought(_ place: Int) -> VIDMark { brought[place] }

  func hasOther(_ registrant: Int64, than token: VIDMark) -> Bool {
    own.values(of: registrant).contains { $0.token != token }
  }

  /// Whether a token of ours answers the VID.
  func hasAnswer(to vid: VIDMark, of registrant: Int64) -> Bool {
    own.values(of: registrant).contains { $0.vid == vid }
  }

  /// Ascending, each once.
  func holders(of token: VIDMark, besides registrant: Int64) -> [Int64] {
    let others = holders.values(of: token).filter { $0 != registrant }
    return others.isEmpty ? [] : Set(others).sorted()
  }

  mutating func add(_ token: VIDMark, of registrant: Int64, _ vid: VIDMark) {
    own.add(Own(token: token, vid: vid), to: registrant)
    holders.add(registrant, to: token)
  }
}
