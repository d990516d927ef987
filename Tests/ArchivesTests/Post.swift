import JSONText
import Faults
import Files
import Foundation
import JSONText
import Keys
import Secrets
import Tarballs

@testable import Archives

/// A sender, two recipients and a stranger, and a folder that goes away with the test.
final class Post {
  let path: String
  let outbox: Folder
  let registry: Identity
  let mts: Identity
  let audit: Identity
  let stranger: Identity

  init(registry: Identity? = nil, mts: Identity? = nil) throws {
    path = NSTemporaryDirectory() + "archives-\(UUID().uuidString)"
    try FileManager.default.createDirectory(
      atPath: path + "/outbox", withIntermediateDirectories: true)
    outbox = try Folder(path: path + "/outbox")
    self.registry = try registry ?? Identity.generate(name: KeyName("registry"))
    self.mts = try mts ?? Identity.generate(name: KeyName("mts"))
    audit = try Identity.generate(name: KeyName("audit"))
    stranger = try Identity.generate(name: KeyName("stranger"))
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  static let name = "monthly-00000001.sealed"
  var archive: String { "\(path)/outbox/\(Post.name)" }
  var opened: String { "\(path)/opened" }

  static let manifest = #"{"airlock":"mts-request","batches":2,"records":2,"version":1}"#
  /// What is in an ordinary archive.
  static let files: [(String, String)] = [
    ("requests/000001.json", #"{"canary":"VID-1"}"#),
    ("requests/000002.json", #"{"canary":"VID-2"}"#), ("rejects.ndjson", "{\"id\":7}\n"),
    ("manifest.json", manifest + "\n"),
  ]

  /// The first byte behind the header's newline.
  static func headerEnd(_ bytes: [UInt8]) -> Int {
    (bytes.dropFirst(19).firstIndex(of: 0x0A) ?? 0) + 1
  }

  /// Most of a small payload are the zeros that fill it up: of them, every 16th byte.
  static func isWorthwhile(_ index: Int, behind end: Int) -> Bool {
    index < end + 600 || index % 16 == 0
  }

  /// An ordinary archive's payload, of three chunks.
  func threeChunks() throws -> PayloadSpool {
    var random = SplitMix(seed: 8)
    let digits = (0..<280_000).map { _ in String(random.next() & 0xF, radix: 16) }.joined()
    return try spool(Post.files.map { ($0, $0 == "rejects.ndjson" ? digits : $1) })
  }

  func draft(_ edit: (inout ArchiveDraft) throws -> Void = { _ in }) throws -> ArchiveDraft {
    let any = try SaltedDigest.made(1)
    guard let stream = ArchiveLabel("mts"), let job = ArchiveLabel("monthly"),
      let created = UTCTime(text: "2025-03-01T12:00:00Z")
    else { throw Missing() }
    var draft = ArchiveDraft(
      kind: .mtsRequest, stream: stream, sequence: 1, previous: nil, created: created, job: job,
      fields: ["given_name", "birthdate"], records: 2, batches: 2,
      digests: .init(snapshot: any, manifest: any, policy: any))
    try edit(&draft)
    return draft
  }

  func spool(_ files: [(String, String)] = Post.files) throws -> PayloadSpool {
    let spool = try PayloadSpool(in: outbox)
    let tar = try TarZstdWriter { try spool.write($0) }
    for (name, text) in files { try tar.add(name, Array(text.utf8)) }
    try tar.finish()
    return spool
  }

  func spool(bytes: [UInt8]) throws -> PayloadSpool {
    let spool = try PayloadSpool(in: outbox)
    try bytes.withUnsafeBytes { try spool.write($0) }
    return spool
  }

  func staged(_ spool: PayloadSpool, _ draft: ArchiveDraft? = nil, to cards: [Card]? = nil) throws
    -> StagedArchive
  {
    try ArchiveWriter.seal(
      spool, draft ?? self.draft(), recipients: cards ?? [mts.card], signer: registry,
      into: outbox, name: EntryName(Post.name))
  }

  /// Seals and publishes.
  @discardableResult
  func publish(_ spool: PayloadSpool? = nil, _ draft: ArchiveDraft? = nil, to cards: [Card]? = nil)
    throws -> StagedArchive
  {
    let staged = try staged(spool ?? self.spool(), draft, to: cards)
    try staged.publish()
    return staged
  }

  func verified() throws -> VerifiedArchive {
    try UnverifiedArchive(path: archive).verified(by: registry.card)
  }

  /// The class of the fault that the published archive gives the recipient, or nil; and nothing may
  /// be left of a failed opening.
  func failure() throws -> String? {
    let found = failureClass { try verified().open(mts, into: opened) }
    if found == nil { try FileManager.default.removeItem(atPath: opened) }
    guard try names() == ["outbox"] else { return "something is left: \(try names())" }
    return found
  }

  func bytes() throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(filePath: archive))) }

  func replace(_ bytes: [UInt8]) throws { try Data(bytes).write(to: URL(filePath: archive)) }

  /// Replaces the archive and signs it anew, as a dishonest or broken sender would.
  func forge(_ bytes: [UInt8], by signer: Identity? = nil, comment: String? = nil) throws {
    try replace(bytes)
    var text = comment ?? ""
    if comment == nil, let end = bytes.dropFirst(19).firstIndex(of: 0x0A),
      let header = try? ArchiveHeader(parsing: Array(bytes[19..<end]))
    {
      text = TrustedComment.text(header, preamble: Array(bytes[...end]))
    }
    let signature = try MinisignSignature(
      of: Prehash(of: bytes), by: (signer ?? registry).signing, trustedComment: text)
    try Data(signature.text.utf8).write(to: URL(filePath: archive + ".minisig"))
  }

  func names(_ folder: String = "") throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: "\(path)/\(folder)").sorted()
  }

  func text(_ name: String) throws -> String {
    try String(contentsOfFile: "\(opened)/\(name)", encoding: .utf8)
  }
}

struct Missing: Error {}

/// The class of an archive's fault, or the code of another one.
func failureClass<Result>(_ body: () throws -> Result) -> String? {
  do {
    _ = try body()
    return nil
  } catch let fault as ArchiveFault {
    return fault.failure.rawValue
  } catch let fault as any Fault {
    return fault.code
  } catch {
    return "\(error)"
  }
}

/// The code of the fault that `body` throws, or nil.
func code<Result>(_ body: () throws -> Result) -> String? {
  do {
    _ = try body()
    return nil
  } catch let fault as any Fault {
    return fault.code
  } catch {
    return "\(error)"
  }
}

/// Bytes that look like nothing, the same each time.
func pattern(_ count: Int) -> [UInt8] {
  (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
}

extension SaltedDigest {
  /// One that no salt need be known of.
  static func made(_ byte: UInt8) throws -> SaltedDigest {
    guard let digest = SaltedDigest(hex: Digest(of: [byte]).hex) else { throw Missing() }
    return digest
  }
}
