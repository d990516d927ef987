import Faults
import Files
import Fixtures
import Foundation
import Inbox
import Jobs
import Keys
import Store
import Testing

/// What becomes of a job whose search is stopped: the watcher is told to end.
struct StoppedSearchTests {
  private let folder: TemporaryFolder
  private let signer: Identity
  private static let fields =
    #""name", "gender", "birthdate", "address", "email", "phone""#

  init() throws {
    folder = try TemporaryFolder()
    let site = try Site.layOut(root: folder("site"))
    signer = try KeyFolder(site.keys).createIdentity(named: KeyName("registry"), passphrase: nil)
    try folder.write(
      """
      {"airlock": "policy", "version": 1,
       "streams": {"mts": {"recipients": ["registry"], "fields": [\(Self.fields)]}}}
      """, as: "site/policies/site.json")
    chmod(folder("site/policies/site.json"), 0o640)
    let person =
      #""name": "A", "gender": "x", "birthdate": "2000-01-01", "address": "a", "email": "e", "phone": "1""#
    let vid = #"{"id": 1, "id_type": [1, "MOSIP VID"], "value": "1234567890123456"}"#
    try folder.write(
      #"[{"id": 1, \#(person), "active": true, "reg_ids": [\#(vid)]}]"#,
      as: "site/inbox/people.json")
  }

  private func pass(isStopped: Bool) throws {
    var site = try Site(root: folder("site"))
    site.bounds.isStopped = { isStopped }
    let watcher = try Watcher(
      site, signer: signer, clock: .system, quiet: .zero, report: { _ in }, complain: { _ in })
    _ = try watcher.pass(AtOnce())
  }

  @Test("A job that is stopped in its search has no verdict, and is taken up at the next start")
  func stopped() throws {
    try pass(isStopped: false)
    try folder.write(
      """
      {"airlock": "job", "version": 1, "name": "j", "recipient": "mts",
       "filter": [["name", "like", "A"]], "fields": [\(Self.fields)],
       "mts": {"mapping": {"dob": "birthdate", "fullAddress": ["address"], "emailId": "email",
                           "phoneNumber": "phone"},
               "output": "json", "lang": "eng", "batch_size": 10}}
      """, as: "site/inbox/job.json")
    let fault = #expect(throws: StoreFault.self) { try pass(isStopped: true) }
    #expect(fault?.code == "stopped")
    #expect(fault?.blame == .environment)
    #expect(folder.names("site/inbox/rejected").isEmpty)
    #expect(!folder.names("site/store/claimed").isEmpty)
    try pass(isStopped: false)
    #expect(folder.names("site/inbox/rejected").isEmpty)
    #expect(folder.names("site/inbox/accepted").contains("job.json.verdict.json"))
  }
}

/// Never waits.
private struct AtOnce: Pacing {
  var now: ContinuousClock.Instant { ContinuousClock.now }
  func wait(upTo limit: Duration) -> Bool { false }
}
