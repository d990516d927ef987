package import Faults
import Files
import JSONText
import Keys
import Policies
package import Store

/// Registrants whose tokens contradict each other, and the operator's way out: the tokens that
/// results gave them are forgotten, and the next result, or the registry, decides. Nothing thaws by itself.
package struct FrozenRegistrants {
  package struct Entry: Sendable {
    package let registrant: Int64
    package let reason: FrozenRegistrant.Reason
    /// Seconds since 1970.
    package let since: Int64
    /// Where their VIDs went out: a stream and a number.
    package let archives: [ArchivePlace]
  }

  package struct ArchivePlace: Sendable, Hashable {
    package let stream: String
    package let sequence: Int64
  }

  private let site: Site
  private let clock: WallClock

  package init(on site: Site, clock: WallClock) { (self.site, self.clock) = (site, clock) }

  /// All, by id. Takes no lock.
  package func list() throws -> [Entry] {
    guard try TokenStore.exists(in: site.store) else { return [] }
    let frozen = try TokenStore(in: site.store).frozen()
    guard !frozen.isEmpty else { return [] }
    var places: [Int64: [ArchivePlace]] = [:]
    for sent in try journal().sentVIDs(of: Set(frozen.map(\.registrant))) {
      let place = ArchivePlace(stream: sent.stream, sequence: sent.sequence)
      if places[sent.registrant]?.last != place {
        places[sent.registrant, default: []].append(place)
      }
    }
    return frozen.map {
      Entry(
        registrant: $0.registrant, reason: $0.reason, since: $0.at,
        archives: places[$0.registrant] ?? [])
    }
  }

  /// Forgets our tokens of these registrants, all or none. The ledger tells it first: killed after
  /// that, they are still frozen, and doing it again ends it.
  /// - Returns: how many VIDs are without an answer by it.
  /// - Throws: `not_frozen`; `vid_deleted`; `locked` while a watcher runs.
  package func thaw(_ ids: [Int64]) throws -> Int {
    let lock = try FolderLock("lock", in: site.store)
    defer { withExtendedLifetime(lock) {} }
    guard try TokenStore.exists(in: site.store) else { throw ThawFault.notFrozen(ids) }
    let (tokens, registrants) = (try TokenStore(in: site.store), Set(ids))
    let others = registrants.subtracting(try tokens.frozen().map(\.registrant))
    guard others.isEmpty else { throw ThawFault.notFrozen(others.sorted()) }
    let bare = try withoutToken(tokens.holdDeletedVIDs(among: registrants))
    guard bare.isEmpty else { throw ThawFault.vidDeleted(bare) }
    let journal = try journal()
    try LedgerBeginning(site, journal).ensure(KeyFolder(site.keys).ownCard())
    let unanswered = try journal.unanswer(registrants)
    try tokens.thaw(registrants)
    return unanswered
  }

  private func journal() throws -> Journal { try Journal(in: site.store) { [clock] in clock.now } }

  /// Those of them for whom the registry has no token either.
  private func withoutToken(_ registrants: [Int64]) throws -> [Int64] {
    guard !registrants.isEmpty, try site.store.exists(SnapshotKind.registry.fileName) else {
      return registrants
    }
    let policy = try PolicyInForce.read(site).policy().policy
    let snapshot = try SnapshotStore.open(site.store)
    return try RegistryTokens.reading(snapshot, type: policy.idTypes.uinToken) { registry in
      try registrants.filter { try !(registry?.hasAny($0) ?? false) }
    }
  }
}

/// Why somebody stays frozen. Ids only.
package struct ThawFault: Fault {
  package let code: String
  package let message: String
  package let hint: String?
  package let blame: Blame

  static func notFrozen(_ ids: [Int64]) -> ThawFault {
    ThawFault(
      code: "not_frozen", message: "not frozen, or not any more: \(list(ids))",
      hint: "airlock frozen lists who is; nobody was thawed", blame: .usage)
  }

  static func vidDeleted(_ ids: [Int64]) -> ThawFault {
    ThawFault(
      code: "vid_deleted",
      message: "a VID was deleted on the token that would be forgotten, of \(list(ids))",
      hint:
        "settle which token is right in the registry, drop a snapshot that has it, then thaw; nobody was thawed",
      blame: .input)
  }

  private static func list(_ ids: [Int64]) -> String {
    ids.prefix(20).map(String.init).joined(separator: ", ")
      + (ids.count > 20 ? " and \(ids.count - 20) more" : "")
  }
}
