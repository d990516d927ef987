import Archives
import Faults
import Files
import Fixtures
import Foundation
import Inbox
import JSONText
import Jobs
import Keys
import Ledger
import Secrets
import Store
import Testing

/// A site with a snapshot in force, and the receiver of its stream; passes at any time.
final class PostOffice {
  let folder: TemporaryFolder
  let site: Site
  let signer: Identity
  let mts: Identity
  let stranger: Identity
  /// The faults that the last pass complained of.
  var complaints: [String] = []

  init(retention: String = "{}") throws {
    folder = try TemporaryFolder()
    site = try Site.layOut(root: folder("site"))
    let keys = try KeyFolder(site.keys)
    signer = try keys.createIdentity(named: KeyName("registry"), passphrase: nil)
    mts = try Identity.generate(name: KeyName("mts"))
    stranger = try Identity.generate(name: KeyName("stranger"))
    _ = try keys.add(mts.card)
    try policy(retention: retention)
    try drop(PostOffice.snapshot, as: "s.json")
    try pass()
  }

  private static let snapshot = """
    [{"id": 1, "is_registrant": true, "given_name": "A", "gender": "male", "birthdate": "1990-01-01",
      "active": true, "address": "Street 1", "phone": false, "email": false, "family_name": "Z",
      "reg_ids": [{"id": 5, "id_type": [1, "MOSIP VID"], "value": "111"}]},
     {"id": 3, "is_registrant": true, "given_name": "C", "gender": "male", "birthdate": "1990-01-01",
      "active": true, "address": "Street 1",
      "reg_ids": [{"id": 6, "id_type": [1, "MOSIP VID"], "value": "333"}]}]
    """

  func policy(retention: String = "{}", recipients: String = "\"mts\"") throws {
    let fields = """
      "id", "name", "given_name", "addl_name", "family_name", "gender", "birthdate", "address", \
      "phone", "email"
      """
    func stream(_ name: String) -> String {
      "\"\(name)\": {\"recipients\": [\(recipients)], \"fields\": [\(fields)]}"
    }
    try folder.write(
      """
      {"airlock": "policy", "version": 1, "retention": \(retention),
       "streams": {\(stream("mts")), \(stream("other"))}}
      """, as: "site/policies/site.json")
    chmod(folder("site/policies/site.json"), 0o640)
  }

  func drop(_ text: String, as name: String) throws {
    try folder.write(text, as: "site/inbox/" + name)
  }

  /// One pass, so many days from now, by a process of its own.
  func pass(days: Int64 = 0) throws {
    complaints = []
    let clock = WallClock { WallClock.system.milliseconds() + days * 86_400_000 }
    let watcher = try Watcher(
      site, signer: signer, clock: clock, quiet: .zero, report: { _ in },
      complain: { self.complaints.append($0.code) })
    _ = try watcher.pass(NoWait())
  }

  /// A job of its own, whose archive is in the outbox after it.
  func send(_ job: String, on stream: String = "mts") throws {
    let example = try String(
      contentsOfFile: Fixture.package + "/docs/examples/vid-monthly.json", encoding: .utf8)
    guard case .object(var members) = try JSONDocument(parsing: example).root.json else { return }
    let changes: [(String, JSON)] = [
      ("name", .string(job)), ("recipient", .string(stream)), ("resend", ["rule": "always"]),
      ("filter", [["is_registrant", "=", true]]),
    ]
    for (key, value) in changes {
      members.removeAll { $0.key == key }
      members.append(JSON.Member(key, value))
    }
    try drop(JSON.object(members).pretty(), as: job + ".json")
    try pass()
  }

  func archiveName(_ job: String, _ sequence: Int64) -> String {
    ArchiveDraft.fileName(job: job, sequence: sequence)
  }

  func archive(_ job: String, _ sequence: Int64, on stream: String = "mts") throws
    -> VerifiedArchive
  {
    try UnverifiedArchive(path: folder("site/outbox/\(stream)/\(archiveName(job, sequence))"))
      .verified(by: signer.card)
  }

  func receipt(
    _ archive: VerifiedArchive, _ state: Receipt.State = .opened, by: Identity? = nil, at: Int64 = 0
  ) throws -> SignedDocument {
    let now = WallClock.system.now.seconds
    return try Receipt(
      for: archive, by: (by ?? mts).name, state: state, at: UTCTime(clamping: now + at)
    ).signed(by: by ?? mts)
  }

  /// Drops a document with its signature, makes a pass, and says how it ended.
  func answer(
    _ document: SignedDocument, as name: String = "r.json", signed: Bool = true, days: Int64 = 0
  ) throws -> String {
    for box in ["accepted", "rejected"] {
      for file in folder.names("site/inbox/" + box) where file.hasPrefix(name) {
        try FileManager.default.removeItem(atPath: folder("site/inbox/\(box)/\(file)"))
      }
    }
    if signed { try drop(document.signature, as: name + ".minisig") }
    try drop(String(decoding: document.text, as: UTF8.self), as: name)
    try pass(days: days)
    return try outcome(name)
  }

  /// `accepted`, or the outcome with its reason's code.
  func outcome(_ name: String) throws -> String {
    let verdict = try verdict(name)
    let code = verdict["reason"]?["code"]?.text
    return [verdict["outcome"]?.text, code].compactMap { $0 }.joined(separator: " ")
  }

  func verdict(_ name: String) throws -> JSON {
    for box in ["accepted", "rejected"] {
      if let text = try? folder.read("site/inbox/\(box)/\(name).verdict.json") {
        return try JSONDocument(parsing: text).root.json
      }
    }
    throw CocoaError(.fileNoSuchFile)
  }

  var state: StreamState? { get throws { try status().streams.first { $0.stream == "mts" } } }

  func status(days: Int64 = 0) throws -> SiteStatus {
    try SiteStatus(
      of: site, clock: WallClock { WallClock.system.milliseconds() + days * 86_400_000 })
  }

  func index(_ stream: String = "mts") throws -> StreamIndex {
    let folder = try site.outbox.subfolder(EntryName(stream))
    return try StreamIndex(
      UnverifiedDocument(StreamIndex.fileName, in: folder, kind: .index)
        .verified(byOneOf: [signer.card]))
  }

  /// The entries of the outbox's ledger, verified, and that its checkpoint is of the last of them.
  func ledger() throws -> [LedgerEntry] {
    let folder = LedgerFolder(try site.outbox.subfolder(LedgerFolder.name))
    var entries: [LedgerEntry] = []
    let head = try folder.entries { entries.append($0) }
    let signed = try folder.checkpoint().verified(byOneOf: [signer.card])
    #expect(try Checkpoint(signed).head == head)
    #expect(try Journal(in: site.store).ledgerHead() == head)
    return entries
  }

  /// What the entries of a kind say.
  func told(_ kind: LedgerKind) throws -> [JSON] {
    try ledger().filter { $0.kind == kind }.map(\.what)
  }
}

/// Never waits, and stops when asked to.
private struct NoWait: Pacing {
  var now: ContinuousClock.Instant { ContinuousClock.now }
  func wait(upTo limit: Duration) -> Bool { false }
}
