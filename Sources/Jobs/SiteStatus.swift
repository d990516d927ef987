package import Faults
import Keys
import Files
import Policies
package import Store

/// How a site stands. Does not take the watcher's lock.
package struct SiteStatus: Sendable {
  /// Drops that lie in the inbox and are not upload names.
  package let waiting: Int
  /// Claimed drops without a delivered verdict.
  package let unfinished: Int
  package let outcomes: [String: Int]
  package let streams: [StreamState]
  /// The snapshot in force; nil if there is none, or it cannot be read.
  package let snapshot: LoadedSnapshot?
  /// Why nothing can leave, if nothing can.
  package let policyFault: (any Fault)?
  /// Recipients that the policy names and no card is there for.
  package let missingCards: [String]
  /// Whether the inbox has its marker; without it, it is taken for an unmounted disk.
  package let hasInbox: Bool

  package init(of site: Site) throws {
    waiting = try SiteStatus.countDrops(in: site.inbox)
    let journal = try Journal(in: site.store)
    unfinished = try journal.unfinished().count
    outcomes = try journal.outcomes()
    streams = try journal.streams()
    snapshot = try? SnapshotStore.open(site.store).summary
    hasInbox = try site.inbox.exists(Site.marker)
    switch PolicyInForce.read(site) {
    case .broken(let fault): (policyFault, missingCards) = (fault, [])
    case .sound(let policy, _):
      let known = Set(try KeyFolder(site.keys).cards().cards.map(\.name.text))
      let wanted = Set(policy.streams.values.flatMap(\.recipients))
      (policyFault, missingCards) = (nil, wanted.subtracting(known).sorted())
    }
  }

  private static func countDrops(in inbox: Folder) throws -> Int {
    var count = 0
    try inbox.scan { name in
      if !name.isUpload, name != "accepted", name != "rejected", !name.hasSuffix(".sha256") {
        count += 1
      }
      return true
    }
    return count
  }
}
