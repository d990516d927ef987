import Files
import Foundation
import Keys
import Secrets

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

  static let repository = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../..").standardized
  static let folder = repository.appending(path: "Tests/Vectors")
  static let index = folder.appending(path: "vectors.json")

  static func all() throws -> [Vector] {
    try JSONDecoder().decode([Vector].self, from: Data(contentsOf: index))
  }

  var path: String { Vector.folder.appending(path: file).path }
  var isGood: Bool { `class` == "ok" }

  /// Nil is written as `null`; but a position is there or not.
  func encode(to encoder: any Encoder) throws {
    var members = encoder.container(keyedBy: CodingKeys.self)
    try members.encode(file, forKey: .file)
    try members.encode(`class`, forKey: .class)
    try members.encode(code, forKey: .code)
    try members.encode(step, forKey: .step)
    try members.encode(rule, forKey: .rule)
    try members.encodeIfPresent(position, forKey: .position)
  }

  /// Opens it as the recipient, into a folder that is then removed.
  /// - Returns: the failure's class and code; nil when it opened. Class `left behind` when something
  ///   is left of a failed opening.
  func outcome() throws -> (class: String, code: String)? {
    let post = try Post(registry: VectorKeys.sender(), mts: VectorKeys.recipient())
    do {
      let archive = try UnverifiedArchive(path: path).verified(by: post.registry.card)
      if let position, let finding = position.ratchet?.judge(archive.arrival).finding {
        throw finding.fault(of: archive)
      }
      try archive.open(post.mts, into: post.opened)
      return nil
    } catch let fault as ArchiveFault {
      guard try post.names() == ["outbox"] else { return ("left behind", fault.code) }
      return (fault.failure.rawValue, fault.code)
    }
  }
}

extension Vector.Position {
  /// A receiver that accepted this archive, or none yet.
  var ratchet: StreamRatchet? {
    guard let digest = digest.flatMap({ Digest(hex: $0) }) else { return StreamRatchet() }
    let last = StreamPosition(sequence: sequence, digest: digest)
    return StreamRatchet(recent: [last], holes: [])
  }

  init(_ last: StreamPosition?) {
    self.init(sequence: last?.sequence ?? 0, digest: last?.digest.hex)
  }

  func encode(to encoder: any Encoder) throws {
    var members = encoder.container(keyedBy: CodingKeys.self)
    try members.encode(sequence, forKey: .sequence)
    try members.encode(digest, forKey: .digest)
  }
}

/// The keys of the vectors, which are secret to nobody.
enum VectorKeys {
  static func sender() throws -> Identity { try identity("registry", 0x11, 0x22) }
  static func recipient() throws -> Identity { try identity("mts", 0x33, 0x44) }
  /// The second recipient, and the sender's next keys.
  static func auditor() throws -> Identity { try identity("audit", 0x55, 0x66) }

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
