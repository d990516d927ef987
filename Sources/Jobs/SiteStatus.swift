package import Faults
import Files
import Policies
package import Store

/// How a site stands: read from the disk, without the watcher's lock.
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

  package init(of site: Site) throws {
    waiting = try SiteStatus.countDrops(in: site.inbox)
    let journal = try Journal(in: site.store)
    unfinished = try journal.unfinished().count
    outcomes = try journal.outcomes()
    streams = try journal.streams()
    snapshot = try? SnapshotStore.open(site.store).summary
    if case .broken(let fault) = PolicyInForce.read(site) {
      policyFault = fault
    } else {
      policyFault = nil
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
