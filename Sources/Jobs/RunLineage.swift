import Archives
import JSONText
import Language
import Policies
import Secrets
import Store

extension RunRecord {
  /// The lineage of a run.
  init(
    _ work: PreparedJob, _ job: JobRecord, _ entry: ArchiveEntry, _ outcome: JobRun.Outcome,
    _ salts: SiteSalts, _ drop: Drop, at now: Int64
  ) {
    let (manifest, counts) = (work.plan.manifest, outcome.counts)
    let shown = work.sources.shown(salts, drop)
    let filter = Digest(of: manifest.filterText)
    self.init(
      job: job.name, version: job.version, snapshot: shown.snapshot?.hex ?? "",
      manifest: shown.manifest?.hex ?? "", policy: shown.policy?.hex ?? "",
      filter: salts.shown(filter, .filter, drop: drop.id).hex,
      conditions: manifest.filter.conditions, fields: manifest.leavingFields.map(\.name),
      matched: counts.matched, sent: counts.sent, leftOut: counts.leftOutByCode,
      stream: entry.stream, sequence: outcome.archive == nil ? nil : entry.sequence, at: now)
    acceptedLoss = work.plan.acceptedLoss
  }
}

extension Domain {
  /// The leaves as field and operator: never a value, which may be personal.
  var conditions: [[String]] {
    switch self {
    case .constant: []
    case .leaf(let leaf): [[leaf.path, leaf.operation.rawValue]]
    case .not(let inner): inner.conditions
    case .all(let parts), .any(let parts): parts.flatMap(\.conditions)
    case .link(let link):
      [[link.field, link.isNegated ? "not any" : "any"]]
        + link.domain.conditions.map { ["\(link.field).\($0[0])", $0[1]] }
    }
  }
}
