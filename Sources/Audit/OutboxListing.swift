internal import Files
internal import Ledger

/// What lies in an outbox, by name. It is made before the ledger is read: what is visible then was
/// recorded before, and stands in it.
struct OutboxListing {
  struct Stream {
    let name: String
    let folder: Folder
    var archives: [EntryName] = []
    var receipts: [EntryName] = []
    var strangers: [EntryName] = []
    var hasIndex = false
  }

  private(set) var streams: [Stream] = []
  private(set) var strangers: [EntryName] = []
  private(set) var findings: [Finding] = []

  private static let most = 5_000_000

  /// - Throws: `FileFault` when the outbox cannot be read; a stream that cannot is a finding.
  init(_ outbox: Folder) throws {
    for name in try outbox.names(limit: Self.most) where !name.isStaged {
      guard name != LedgerFolder.name, !Self.mayBeThere.contains(name) else { continue }
      guard try outbox.status(of: name)?.kind == .folder else {
        strangers.append(name)
        continue
      }
      do {
        streams.append(try Self.stream(name, outbox.subfolder(name)))
      } catch {
        findings.append(Finding(.unreadable, error.code, "\(name)", error.message))
      }
    }
  }

  private static let mayBeThere: Set<EntryName> = ["README.md", ".gitkeep"]

  private static func stream(_ name: EntryName, _ folder: Folder) throws(FileFault) -> Stream {
    var stream = Stream(name: name.text ?? name.description, folder: folder)
    let all = try folder.names(limit: most)
    let known = Set(all)
    for entry in all where !entry.isStaged && !mayBeThere.contains(entry) {
      guard let text = entry.text else {
        stream.strangers.append(entry)
        continue
      }
      if text == "INDEX.json" {
        stream.hasIndex = true
      } else if text.hasSuffix(".sealed") {
        stream.archives.append(entry)
      } else if text.hasSuffix(".receipt.json") {
        stream.receipts.append(entry)
      } else if try !isSignature(text, of: known) {
        stream.strangers.append(entry)
      }
    }
    return stream
  }

  /// Whether this is the signature of a file that is there.
  private static func isSignature(
    _ text: String, of known: Set<EntryName>
  ) throws(FileFault) -> Bool {
    guard text.hasSuffix(".minisig") else { return false }
    return known.contains(try EntryName(text.dropLast(".minisig".count)))
  }
}
