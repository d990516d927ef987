import Files
import Fixtures
import JSONText
import Keys
import Ledger
import Testing

/// The ledger in a site's outbox, read as an auditor does: chain, hashes and checkpoint verified.
struct OutboxLedger {
  let entries: [JSON]
  /// How many entries the signed checkpoint says that there are.
  let checkpoint: Int

  init(_ site: TestSite) throws {
    let folder = LedgerFolder(try Folder(path: site.root + "/outbox/LEDGER"))
    var entries: [JSON] = []
    let head = try folder.entries { entries.append($0.json) }
    let card = try KeyFolder(path: site.root + "/keys").ownCard()
    let signed = try Checkpoint(folder.checkpoint().verified(byOneOf: [card]))
    #expect(signed.head == head)
    self.entries = entries
    checkpoint = Int(signed.head.entries)
  }

  var kinds: [String] { entries.map { $0["kind"]?.text ?? "?" } }

  /// What the entries of a kind say.
  func told(_ kind: String) -> [JSON] {
    entries.filter { $0["kind"]?.text == kind }.compactMap { $0["what"] }
  }
}
