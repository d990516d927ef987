internal import Faults
internal import GRDB
internal import Language

extension PrunePlan {
  /// Finds out what a run would delete. Writes nothing.
  /// - Parameters:
  ///   - search: the policy's domain, over the snapshot in force.
  ///   - hasher: with the site's key.
  /// - Throws: `no_token_status` where a status is asked for and the snapshot has none; `StoreFault`,
  ///   `LoadFault`.
  package init(
    _ search: RegistrySearch, _ terms: PruneTerms, _ tokens: TokenStore, _ hasher: VIDHasher
  ) throws {
    let snapshot = search.snapshot
    if terms.tokenStatus != nil,
      snapshot.catalog["g2p.reg.id"]?["status"]?.isPresent != true
    {
      throw StoreFault(
        code: "no_token_status",
        message: "the policy asks for a token's status, and the snapshot has none of reg ids",
        hint: "export the field status of g2p.reg.id, or leave \"status\" out of \"token\"",
        blame: .input)
    }
    let shared = Ahead { try Self.sharedVIDs(terms, in: snapshot.second()) }
    defer { shared.finish() }
    let picked = try search.found()
    let rows = try snapshot.read { try PruneRows(of: picked, terms, in: $0) }
    let frozen = Set(try tokens.frozen().map(\.registrant))
    var judgement = try PruneJudgement(
      terms, rows, matched: picked.count, frozen: frozen,
      // Another snapshot may be in force by now: this one is still open.
      shared: (try? shared.value()) ?? Self.sharedVIDs(terms, in: snapshot),
      erased: ErasedVIDs(tokens), hasher)
    try tokens.look { database in
      var held = try HeldTokenRows(database)
      try judgement.run(&held)
    }
    self = judgement.plan
  }

  /// Of whatever type another has it: what is erased is erased of everyone.
  private static func sharedVIDs(
    _ terms: PruneTerms, in snapshot: SnapshotStore
  ) throws -> SharedVIDs {
    try snapshot.read { database in
      let types = Set(try Int64.fetchAll(database, sql: "SELECT \"id\" FROM \"g2p.id.type\""))
      return try SharedVIDs(
        of: Array(types.union(terms.vidTypes + terms.tokenTypes)), in: database)
    }
  }
}
