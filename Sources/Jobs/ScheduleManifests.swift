import Files
import Store

/// Manifests of jobs that have a run to come: `store/jobs/NAME.VERSION.json`. Written before the
/// journal has the job, so one that the journal does not know of is a leftover.
struct KeptManifests {
  private let folder: Folder

  init(_ site: Site) throws {
    folder = try site.store.subfolder("jobs", create: 0o700)
  }

  func keep(_ text: [UInt8], of job: JobRecord) throws {
    try AtomicFile.write(text, as: name(of: job), in: folder, replacing: true)
  }

  /// Copies a job's manifest into another folder. One that is gone is not copied: the run then says
  /// that it is missing.
  func copy(_ job: JobRecord, to target: Folder, as claim: EntryName) throws {
    guard try folder.exists(name(of: job)) else { return }
    let text = try OpenFile(name(of: job), in: folder, rules: .drop(limit: 64 << 20)).readAll()
    try AtomicFile.write(text, as: claim, in: target, replacing: true)
  }

  func removeAll(but jobs: [JobRecord]) throws {
    let wanted = Set(try jobs.map { try name(of: $0) })
    for name in try folder.names() where !name.isStaged && !wanted.contains(name) {
      try folder.removeTree(name)
    }
  }

  func removeLeftovers() throws { _ = try folder.removeLeftovers() }

  private func name(of job: JobRecord) throws(FileFault) -> EntryName {
    try EntryName("\(job.name).\(job.version).json")
  }
}
