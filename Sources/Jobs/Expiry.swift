import Archives
import Files
import JSONText
package import Policies

/// Removes verdicts and held files that are older than the policy keeps them. Age is that of the
/// verdict, which airlock wrote itself; the times of a held file are whatever its sender set.
package struct Expiry {
  private let site: Site
  private let retention: Retention
  private let clock: WallClock

  package init(_ site: Site, _ retention: Retention, clock: WallClock) {
    self.site = site
    self.retention = retention
    self.clock = clock
  }

  /// - Returns: how many files went.
  @discardableResult
  package func run() throws -> Int {
    var old: [(Folder, EntryName)] = []
    if let days = retention.rejectedDays {
      old += try verdicts(in: site.rejected, olderThan: days).flatMap { verdict in
        try heldFiles(of: verdict).map { (site.rejected, $0) }
      }
    }
    if let days = retention.verdictDays {
      for folder in [site.accepted, site.rejected] {
        let kept = folder === site.rejected && retention.rejectedDays == nil
        old += try verdicts(in: folder, olderThan: days).filter { verdict in
          // A file is never held without the reason why.
          try !kept || heldFiles(of: verdict).isEmpty
        }.map { (folder, $0) }
      }
    }
    for (folder, name) in old { try folder.removeTree(name) }
    for folder in [site.accepted, site.rejected] where !old.isEmpty { try folder.sync() }
    return old.count
  }

  private func verdicts(in folder: Folder, olderThan days: Int) throws -> [EntryName] {
    let limit = clock.now.seconds - Int64(days) * 86_400
    var found: [EntryName] = []
    try folder.scan { name in
      if name.hasSuffix(DropReport.verdictEnding), let status = try folder.status(of: name),
        status.kind == .regular, Int64(status.modified.seconds) < limit
      {
        found.append(name)
      }
      return found.count < 10_000
    }
    return found
  }

  /// The file that a verdict is about, with its sidecars; what of them is there.
  private func heldFiles(of verdict: EntryName) throws -> [EntryName] {
    let name = try EntryName(utf8: verdict.bytes.dropLast(DropReport.verdictEnding.utf8.count))
    let all = try [name] + Sidecar.endings.map { try name.appending($0) }
    return try all.filter { try site.rejected.exists($0) }
  }
}
