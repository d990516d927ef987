import Files
import Fixtures
import JSONText
import Keys
import Ledger
import Secrets

/// A ledger in the making, and the folder where it is published.
struct LedgerBook {
  let signer: Identity
  let place = try? TemporaryFolder()
  var lines: [String] = []
  var head: LedgerHead?

  static let time = UTCTime(clamping: 1_760_000_000)

  init(entries: Int = 0) throws {
    signer = try Identity.generate(name: KeyName("registry"))
    try add(entries)
  }

  mutating func add(_ count: Int, version: String = "1.0") throws {
    for _ in 0..<count {
      let entry = try LedgerEntry(
        .program, ["version": .string(version)], after: head, at: LedgerBook.time)
      lines.append(entry.lineText)
      head = entry.head
    }
  }

  func folder() throws -> LedgerFolder {
    LedgerFolder(try Folder(path: place?.path ?? ""))
  }

  @discardableResult
  func publish() throws -> LedgerFolder {
    let folder = try folder()
    guard let head else { return folder }
    try folder.write(upTo: head, signer: signer, at: LedgerBook.time) { numbers in
      Array(lines[Int(numbers.lowerBound - 1)...Int(numbers.upperBound - 1)])
    }
    return folder
  }

  /// What is wrong with the published ledger; nil when nothing is.
  func fault() throws -> LedgerFault.Kind? {
    do {
      let end = try folder().entries { _ in }
      let signed = try Checkpoint(folder().checkpoint().verified(byOneOf: [signer.card]))
      return end == signed.head ? nil : .truncated
    } catch let fault as LedgerFault {
      return fault.kind
    }
  }
}

struct NoDigest: Error {}

extension SaltedDigest {
  /// One that no salt need be known of.
  static func made(_ byte: UInt8) throws -> SaltedDigest {
    guard let digest = SaltedDigest(hex: Digest(of: [byte]).hex) else { throw NoDigest() }
    return digest
  }
}
