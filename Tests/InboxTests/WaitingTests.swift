import Files
import Fixtures
import Foundation
import Inbox
import Jobs
import Keys
import Policies
import Store
import Testing

/// How long the watcher waits.
struct WaitingTests {
  /// Notes how long it is told to wait, and stops.
  private final class Patience: Pacing {
    var limits: [Duration] = []
    let now = ContinuousClock.now
    func wait(upTo limit: Duration) -> Bool {
      limits.append(limit)
      return false
    }
  }

  @Test(
    "The watcher waits no longer than until the next run is due",
    arguments: [(nil, 60), (30, 30), (0, 60), (600, 60)] as [(Int64?, Int64)])
  func nextRun(in seconds: Int64?, wait: Int64) throws {
    let folder = try TemporaryFolder()
    let site = try Site.layOut(root: folder.path)
    let now: Int64 = 1_795_341_600
    var job = JobRecord(
      name: "j", version: 1, kind: .recurring, state: .started, manifestDigest: "", stream: "mts")
    (job.intervalMinutes, job.starts, job.nextRun) = (60, now, seconds.map { now + $0 })
    // A run that is due is not made here: this job is under way.
    if seconds == 0 { job.state = .running }
    try Journal(in: site.store).keep(job)
    let watcher = try Watcher(
      site, signer: .generate(name: KeyName("registry")),
      clock: WallClock { now * 1000 }, quiet: .zero, report: { _ in }, complain: { _ in })
    let patience = Patience()
    try watcher.watch(patience, poll: .seconds(60))
    #expect(patience.limits == [.seconds(wait)])
  }
}
