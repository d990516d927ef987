/// One registrant after another, held against the terms: what goes, or why all of it stays. One
/// registrant's odd data is that registrant's alone.
struct PruneJudgement {
  private(set) var plan = PrunePlan()
  private let terms: PruneTerms
  private let rows: PruneRows
  private let frozen: Set<Int64>
  private let shared: SharedVIDs
  private let erased: ErasedVIDs
  private let hasher: VIDHasher

  /// - Parameters:
  ///   - matched: how many registrants the policy picks.
  ///   - shared: values that several registrants have, as VIDs or as tokens.
  ///   - erased: VIDs that were deleted before, of whomever.
  init(
    _ terms: PruneTerms, _ rows: PruneRows, matched: Int, frozen: Set<Int64>, shared: SharedVIDs,
    erased: ErasedVIDs, _ hasher: VIDHasher
  ) {
    (self.terms, self.rows, self.frozen, self.shared) = (terms, rows, frozen, shared)
    (self.erased, self.hasher) = (erased, hasher)
    (plan.matched, plan.vids, plan.values) = (matched, rows.vids, rows.values)
  }

  private enum Outcome {
    case goes([PrunePlan.Item])
    case stays(PrunePlan.Kept)
  }

  mutating func run(_ tokens: inout HeldTokenRows) throws {
    var (start, seen) = (0, 0)
    while start < rows.rows.count {
      let registrant = rows.rows[start].registrant
      let end = rows.rows[start...].firstIndex { $0.registrant != registrant } ?? rows.rows.count
      switch try judge(rows.rows[start..<end], &tokens) {
      case .goes(let items):
        plan.items += items
        plan.registrants += 1
        plan.repeated.formUnion(repeated(items))
      case .stays(let reason): plan.kept[reason, default: 0] += 1
      }
      (start, seen) = (end, seen + 1)
    }
    if plan.matched > seen { plan.kept[.noVID, default: 0] += plan.matched - seen }
  }

  private func judge(
    _ own: ArraySlice<PruneRows.Row>, _ tokens: inout HeldTokenRows
  ) throws -> Outcome {
    guard own.contains(where: \.isVID) else { return .stays(.noVID) }
    guard let token = own.first(where: { !$0.isVID }) else { return .stays(.noToken) }
    if frozen.contains(token.registrant) { return .stays(.frozen) }
    guard own.allSatisfy({ $0.isVID || rows.haveSameValue($0, token) }) else {
      return .stays(.twoTokens)
    }
    if isShared(token) { return .stays(.sharedToken) }
    guard own.contains(where: { !$0.isVID && $0.hasStatus }) else { return .stays(.tokenStatus) }
    let answers = try rows.withValue(of: token) {
      try tokens.answers(of: token.registrant, with: $0, by: terms)
    }
    if let reason = objection(to: answers) { return .stays(reason) }
    return choose(own, token, answers.counting)
  }

  /// What of the results does not suffice.
  private func objection(to answers: HeldTokenRows.Answers) -> PrunePlan.Kept? {
    switch terms.source {
    case .registry: return nil
    case .result where answers.isEmpty: return .notFromResult
    case .verifiedResult where !answers.hasVerified: return .notVerified
    case .result, .verifiedResult: return answers.counting.isEmpty ? .hold : nil
    }
  }

  private func choose(
    _ own: ArraySlice<PruneRows.Row>, _ token: PruneRows.Row, _ answered: [VIDMark]
  ) -> Outcome {
    var (isMatched, going) = (false, [PrunePlan.Item]())
    for row in own where row.isVID {
      let vid = rows.withValue(of: row) { hasher.mark($0) }
      guard terms.takesAll || answered.contains(vid) else { continue }
      isMatched = true
      // One that was somebody's before and went is this one's now: it is not ours to judge.
      guard !isShared(row), !erased.contains(vid) else { continue }
      going.append(
        PrunePlan.Item(
          registrant: row.registrant, regID: row.id, idType: rows.type(of: row), vid: vid,
          value: row.value, tokenType: rows.type(of: token), token: token.value))
    }
    guard going.isEmpty else { return .goes(going) }
    return .stays(isMatched ? .sharedVID : .notMatched)
  }

  /// Those of the values that go which stand in several rows.
  private func repeated(_ items: [PrunePlan.Item]) -> [[UInt8]] {
    rows.values.withUnsafeBufferPointer { values in
      items.map { UnsafeBufferPointer(rebasing: values[$0.value]) }.filter(shared.isRepeated)
        .map(Array.init)
    }
  }

  private func isShared(_ row: PruneRows.Row) -> Bool {
    rows.withValue(of: row) { shared.contains($0) }
  }
}
