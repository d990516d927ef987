import Files
import Foundation
import JSONText
import Keys
import Secrets
import Testing

@testable import Archives

/// A row of `Tests/Vectors/vectors.json`; `docs/archive-format.md` section 11 says what the members are.
struct Vector: Codable {
  struct Position: Codable {
    let sequence: Int64
    let digest: String?
  }

  let file: String
  let `class`: String
  let code: String?
  let step: Int?
  let rule: String
  let position: Position?
  /// What the reader expects; nil for an `mts-request`.
  let kind: String?
  /// Of the sender, where it is not the plain one.
  let card: String?

  static let repository = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../..").standardized
  static let folder = repository.appending(path: "Tests/Vectors")
  static let index = folder.appending(path: "vectors.json")

  static func all() throws -> [Vector] {
    try JSONDecoder().decode([Vector].self, from: Data(contentsOf: index))
  }

  var path: String { Vector.folder.appending(path: file).path }
  var isGood: Bool { `class` == "ok" }

  /// Opens it as the recipient, into a folder that is then removed.
  /// - Returns: the failure's class and code; nil when it opened. Class `left behind` when something
  ///   is left of a failed opening.
  func outcome() throws -> (class: String, code: String)? {
    let post = try Post(registry: VectorKeys.sender(), mts: VectorKeys.recipient())
    do {
      let archive = try verified(post.registry.card)
      try archive.require(#require(ArchiveKind(rawValue: kind ?? "mts-request")))
      if let position, let finding = position.ratchet?.judge(archive.arrival).finding {
        throw finding.fault(of: archive)
      }
      try archive.open(post.mts, into: post.opened)
      return nil
    } catch let fault as ArchiveFault {
      guard try post.names() == ["outbox"] else { return ("left behind", fault.code) }
      return (fault.failure.rawValue, fault.code)
    } catch let fault as KeysFault {
      return ("signature", fault.code)
    }
  }

  /// Steps 1 to 6.
  private func verified(_ plain: Card) throws -> VerifiedArchive {
    let sender = try card.map { try Vector.card($0) } ?? plain
    let archive = try UnverifiedArchive(path: path).verified(by: sender)
    let (kind, created) = (archive.header.kind, archive.header.draft.created)
    let now = UTCTime(clamping: Int64(Date().timeIntervalSince1970))
    try Keyring([sender]).check(sender, for: kind.usage, at: now, made: created)
    return archive
  }

  static func card(_ name: String) throws -> Card {
    try Card(parsing: [UInt8](Data(contentsOf: folder.appending(path: name))))
  }
}

extension Vector.Position {
  /// A receiver that accepted this archive, or none yet.
  var ratchet: StreamRatchet? {
    guard let digest = digest.flatMap({ Digest(hex: $0) }) else { return StreamRatchet() }
    let last = StreamPosition(sequence: sequence, digest: digest)
    return StreamRatchet(recent: [last], holes: [])
  }
}

/// The keys of the vectors, which are secret to nobody.
enum VectorKeys {
  static func sender() throws -> Identity { try identity("registry", 0x11, 0x22) }
  static func recipient() throws -> Identity { try identity("mts", 0x33, 0x44) }

  private static func identity(_ name: String, _ sealing: UInt8, _ signing: UInt8) throws
    -> Identity
  {
    Identity(
      name: try KeyName(name), sealing: try SealingSecretKey(secret(sealing)),
      signing: try SigningSecretKey(seed: secret(signing)))
  }

  private static func secret(_ byte: UInt8) throws -> SecretBytes {
    try SecretBytes(count: 32) { out in
      for index in out.indices { out[index] = byte }
    }
  }
}
