import Audit
import Fixtures
import Foundation
import JSONText
import Keys
import Secrets

/// A row of `Tests/Vectors/documents/documents.json`: a signed document in a folder of its own.
struct DocumentVector: Codable {
  let folder: String
  /// The document's name; its signature lies beside it, but where there is none.
  let file: String
  let kind: String
  /// `ok`, or the code by which it is refused.
  let code: String
  /// The demand of `docs/archive-format.md`, section 13, that it keeps or breaks.
  let rule: String
  /// Whether its JSON Schema refuses it too.
  let schema: String

  static let place = URL(filePath: Fixture.package).appending(path: "Tests/Vectors/documents")
  static let list = place.appending(path: "documents.json")

  static func all() throws -> [DocumentVector] {
    try JSONDecoder().decode([DocumentVector].self, from: Data(contentsOf: list))
  }

  var path: String { Self.place.appending(path: "\(folder)/\(file)").path }
  var isGood: Bool { code == "ok" }

  func text() throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(filePath: path))) }

  /// Reads it as every reader does.
  /// - Returns: the code of the fault; `ok` without one.
  func outcome(cards: [Card]) throws -> String {
    guard let kind = SignedDocument.Kind(rawValue: kind) else { return "kind" }
    guard let signature = FileManager.default.contents(atPath: path + ".minisig") else {
      return "signature_missing"
    }
    do {
      let document = try UnverifiedDocument(text(), signature: [UInt8](signature), kind: kind)
      _ = try SignedPaper.verify(document, named: file, byOneOf: cards)
      return "ok"
    } catch let fault as KeysFault {
      return fault.code
    }
  }

  /// What its schema says of it: `accepts`, `refuses`, or `-` for what is no JSON.
  func schemaVerdict() throws -> String {
    guard let json = try? JSONDocument(parsing: text()).root.json else { return "-" }
    return try Schema(kind).accepts(json) ? "accepts" : "refuses"
  }
}

/// The keys of the vectors, as section 11 says, and those of the sender's next ones.
enum DocumentKeys {
  static func registry() throws -> Identity { try identity("registry", 0x11, 0x22) }
  static func mts() throws -> Identity { try identity("mts", 0x33, 0x44) }
  static func next(replacing old: Identity) throws -> Identity {
    try identity("registry", 0x55, 0x66, terms: CardTerms(replaces: old.card.fingerprint))
  }
  /// Under the sender's name, and nobody's.
  static func stranger() throws -> Identity { try identity("registry", 0x77, 0x78) }

  static func identity(
    _ name: String, _ sealing: UInt8, _ signing: UInt8, terms: CardTerms = .none
  ) throws -> Identity {
    Identity(
      name: try KeyName(name), sealing: try SealingSecretKey(secret(sealing)),
      signing: try SigningSecretKey(seed: secret(signing)), terms: terms)
  }

  private static func secret(_ byte: UInt8) throws -> SecretBytes {
    try SecretBytes(count: 32) { out in
      for index in out.indices { out[index] = byte }
    }
  }
}
