internal import Files
internal import JSONText
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
    var staged = 0
    var hasIndex = false
  }

  private(set) var streams: [Stream] = []
  /// Nil where there is no such folder, or it cannot be read.
  private(set) var certificates: CertificateListing?
  private(set) var strangers: [EntryName] = []
  /// Streams of which nothing is known.
  private(set) var unreadable: [(name: String, fault: FileFault)] = []
  private(set) var findings: [Finding] = []

  static let most = 5_000_000
  /// Seconds after which nothing is still being written.
  private static let longest: Int64 = 3_600
  private let time: UTCTime

  /// - Parameter time: now.
  /// - Throws: `FileFault` when the outbox cannot be read; a stream that cannot is a finding.
  init(_ outbox: Folder, time: UTCTime) throws {
    self.time = time
    let names = try outbox.names(limit: Self.most)
    var staged = 0
    for name in names {
      if name == ".gitkeep", let status = try outbox.status(of: name), status.kind == .regular,
        status.size == 0
      {
        continue
      }
      if try isBeingWritten(name, in: outbox) {
        staged += 1
        continue
      }
      if name == LedgerFolder.name, try outbox.status(of: name)?.kind != .folder { continue }
      guard !name.isUpload, try outbox.status(of: name)?.kind == .folder else {
        strangers.append(name)
        continue
      }
      do {
        let folder = try outbox.subfolder(name)
        if name == LedgerFolder.name {
          // What else lies there, the ledger's own audit tells.
          for entry in try folder.names(limit: Self.most) where entry.isStaged {
            if try isBeingWritten(entry, in: folder) {
              staged += 1
            } else {
              strangers.append(entry)
            }
          }
        } else if name == ErasureCertificate.folderName {
          let seen = try CertificateListing(folder) { (name, folder) throws(FileFault) in
            try isBeingWritten(name, in: folder)
          }
          certificates = seen
          staged += seen.staged
        } else {
          let seen = try stream(name, folder)
          streams.append(seen)
          staged += seen.staged
        }
      } catch {
        unreadable.append((name.text ?? name.description, error))
      }
    }
    if staged > 0 {
      findings.append(
        Finding(.remark, "being_written", "outbox", "\(staged) files are being written"))
    }
  }

  /// Whether a site at work may have made this just now. An owner can set the one time of a file
  /// back, and nobody the other: the earlier counts.
  private func isBeingWritten(_ name: EntryName, in folder: Folder) throws(FileFault) -> Bool {
    guard name.isStaged else { return false }
    guard let status = try folder.status(of: name) else { return true }
    let stamp = status.stamp
    let touched = Int64(min(stamp.modified, stamp.changed).seconds)
    return status.kind == .regular && touched + Self.longest >= time.seconds
  }

  private func stream(_ name: EntryName, _ folder: Folder) throws(FileFault) -> Stream {
    var stream = Stream(name: name.text ?? name.description, folder: folder)
    let all = try folder.names(limit: Self.most)
    let known = Set(all)
    for entry in all {
      if try isBeingWritten(entry, in: folder) {
        stream.staged += 1
        continue
      }
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
      } else if try !Self.isSignature(entry, text, of: known, in: folder) {
        stream.strangers.append(entry)
      }
    }
    return stream
  }

  /// Whether this is the signature of a file that is there, and may be.
  private static func isSignature(
    _ name: EntryName, _ text: String, of known: Set<EntryName>, in folder: Folder
  ) throws(FileFault) -> Bool {
    guard text.hasSuffix(".minisig") else { return false }
    let signed = String(text.dropLast(".minisig".count))
    guard
      signed == "INDEX.json" || signed.hasSuffix(".sealed") || signed.hasSuffix(".receipt.json")
    else { return false }
    guard known.contains(try EntryName(signed)) else { return false }
    return try folder.status(of: name)?.kind == .regular
  }
}
