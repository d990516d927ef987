import ArgumentParser
import Files
import Inbox
import JSONText
import Jobs
import Keys

/// What `airlock prune` does with policies: shows what they would delete, lets a list through, or
/// runs them now.
struct PruneRun {
  let policy: String?
  let site: Site
  let asJSON: Bool

  func show() throws {
    var complaints = 0
    let previews = try DeletionPreview.all(named: policy, on: site, clock: .system) {
      complaints += 1
      Terminal.complain($0)
    }
    if asJSON {
      Terminal.sayWhole(JSON.array(previews.map { PruneWording($0).json }).pretty())
    } else {
      for preview in previews {
        let wording = PruneWording(preview)
        wording.forEachItem { Terminal.say($0) }
        for line in wording.lines { Terminal.say(line) }
        if let stop = preview.stop, let hint = stop.hint { Terminal.warn(stop.code, hint: hint) }
      }
      if previews.isEmpty, complaints == 0 { Terminal.say("no VID-deletion policy is on") }
    }
    if complaints > 0 || previews.contains(where: { $0.stop != nil }) { throw ExitCode(1) }
  }

  /// - Parameter code: lets a list through first.
  func run(confirm code: String?, signer: Identity) throws {
    let names = try DeletionPreview.runnable(policy, on: site)
    var (rejected, complaints) = (0, 0)
    let watcher = try Watcher(site, signer: signer, clock: .system, quiet: nil) { end in
      if !end.isAccepted { rejected += 1 }
      VerdictWording.say(end, asJSON: asJSON)
    } complain: { fault in
      complaints += 1
      Terminal.complain(fault)
    }
    // With the site's lock, so that no watcher writes over it.
    if let code, let policy {
      for preview in try DeletionPreview.all(
        named: policy, on: site, clock: .system, complain: { _ in })
      {
        try preview.approve(code, on: site)
      }
    }
    let begun = try watcher.prune(names)
    if begun == 0, complaints == 0, !asJSON { Terminal.say("there is nothing to delete") }
    if complaints + rejected > 0 { throw ExitCode(1) }
  }
}
