import Archives
import Files
import Fixtures
import Foundation
import JSONText
import Jobs
import Keys
import Ledger
import Secrets
import Store
import Testing

/// What the registry says back about a patch. The patch lies on the stream `other`, two tokens to be
/// added and two VIDs to go; the archive of a job on `mts`.
struct PatchReceiptTests {
  private let office: PostOffice
  private let tokens: TokenStore

  init() throws {
    office = try PostOffice()
    try office.send("a")
    tokens = try TokenStore(in: office.site.store)
    try show()
  }

  private static var operations: PatchOperations {
    var operations = PatchOperations()
    for number in 1...2 {
      let mark = VIDMark(high: UInt64(number), low: 0)
      let type = "MOSIP UIN TOKEN"
      Array("TOKEN-\(number)".utf8).withUnsafeBufferPointer { token in
        let person = PatchPerson(Int64(number))
        let proof = PatchProof(type: "MOSIP VID", value: Array("VID-\(number)".utf8))
        operations.add(token, of: person, type: type, vid: mark, proof: proof)
        Array("VID-\(number)".utf8).withUnsafeBufferPointer {
          operations.unlink(
            Int64(number), of: person, type: "MOSIP VID", value: $0, vid: mark, with: token,
            tokenType: type)
        }
      }
    }
    return operations
  }

  /// As a run of a policy shows it.
  private func show() throws {
    let (journal, name) = (try Journal(in: office.site.store), "usual-20261123T100000Z.prune")
    try office.folder.write("{}", as: "site/store/claimed/policy-\(name)")
    let drop = try #require(
      try journal.begin(own: name, claim: "policy-\(name)", at: "2026-11-23T10:00:00Z"))
    let entry = try journal.reserve(drop, stream: "other", job: "usual")
    let patch = RegistryPatch(
      Self.operations, policy: nil, sources: .init(snapshot: nil, manifest: nil, policy: nil))
    let outbox = try office.site.outbox.subfolder(EntryName("other"), create: 0o755)
    let archive = try patch.seal(
      as: entry, recipients: [office.mts.card], signer: office.signer, outbox: outbox,
      spool: office.site.store, at: WallClock.system.now)
    try tokens.commit(
      run: drop.id, outcome: "{}", erased: [], patch: ("other", entry.sequence, patch.items))
    let decision = Decision(kind: "vid-deletion", digest: nil, outcome: "accepted", verdict: "{}")
    let record = ArchiveRecord(
      stream: "other", sequence: 1, file: archive.header.fileName, kind: "registry-patch",
      digest: archive.digest.hex, previous: nil, bytes: archive.size, records: 4, job: "usual",
      created: archive.header.draft.created, keyID: archive.header.sender.keyID.hex)
    try journal.staged(drop, record, decision)
    try archive.publish()
    _ = try journal.published(drop, decision)
    try office.pass()
  }

  private func receipt(_ state: Receipt.State) throws -> SignedDocument {
    try office.receipt(office.archive("usual", 1, on: "other"), state)
  }

  /// `done stale open` by the status.
  private var state: String {
    get throws {
      let patches = try office.status().patches
      #expect(patches.count == 1 && patches.first?.operations == 4)
      return patches.map { "\($0.done) \($0.stale) \($0.open)" }.joined()
    }
  }

  @Test("The registry's receipt closes a patch; what was stale may be done later, and never back")
  func applied() throws {
    #expect(try state == "0 0 4")
    #expect(try office.answer(receipt(.opened)) == "accepted")
    #expect(try state == "0 0 4")
    #expect(try office.answer(receipt(.applied(done: 2, stale: [1...1, 3...3]))) == "accepted")
    #expect(try state == "2 2 0")
    let report = try office.verdict("r.json")["receipt"]
    #expect(report?["state"] == "applied" && report?["archive"] == "answered")
    #expect(try office.answer(receipt(.applied(done: 4, stale: []))) == "accepted")
    #expect(try state == "4 0 0")
    #expect(try office.told(.receipt).map { $0["state"] } == ["opened", "applied", "applied"])
  }

  @Test("fault 59: a receipt of a patch that comes again, or says less, changes nothing")
  func again() throws {
    let first = try receipt(.applied(done: 3, stale: [2...2]))
    #expect(try office.answer(first) == "accepted")
    #expect(try office.answer(first, days: 9) == "duplicate duplicate")
    let less = try receipt(.applied(done: 2, stale: [1...2]))
    #expect(try office.answer(less) == "duplicate duplicate")
    #expect(try state == "3 1 0")
  }

  @Test("fault 64: applied is said of patches only, and tokenised of requests only")
  func kinds() throws {
    let sound = try receipt(.applied(done: 4, stale: []))
    let request = try office.receipt(office.archive("a", 1))
    func swapped(_ document: SignedDocument, _ changes: [JSON.Member]) throws -> SignedDocument {
      guard case .object(let all) = document.json else { return document }
      let dropped = ["airlock", "version", "sender", "done", "stale"] + changes.map(\.key)
      return try SignedDocument(
        .receipt, all.filter { !dropped.contains($0.key) } + changes, signer: office.mts)
    }
    let tokenised = try swapped(
      sound, [.init("state", "tokenised"), .init("answered", 4), .init("failed", 0)])
    #expect(try office.answer(tokenised) == "quarantined receipt_state_differs")
    let applied = try swapped(
      request, [.init("state", "applied"), .init("done", 2), .init("stale", [])])
    #expect(try office.answer(applied) == "quarantined receipt_state_differs")
    #expect(try state == "0 0 4")
  }

  @Test("fault 64: a receipt of a patch with other operations is held")
  func counts() throws {
    guard case .object(let all) = try receipt(.applied(done: 4, stale: [])).json else { return }
    let rows: [(Int64, JSON)] = [(3, []), (3, [[5, 5]]), (2, [[1, 2], [2, 2]]), (3, [[2, 1]])]
    for (done, stale) in rows {
      let members = all.filter {
        !["airlock", "version", "sender", "done", "stale"].contains($0.key)
      }
      let forged = try SignedDocument(
        .receipt, members + [.init("done", .int(done)), .init("stale", stale)], signer: office.mts)
      #expect(try office.answer(forged) != "accepted", "\(done)")
    }
    #expect(try state == "0 0 4")
  }
}
