import Fixtures
import Foundation
import JSONText
import Keys
import Secrets
import Testing

/// Run by `scripts/make-vectors` alone.
@Suite struct DocumentVectorMaking {
  static let isAsked = ProcessInfo.processInfo.environment["AIRLOCK_MAKE_VECTORS"] == "1"

  @Test(.enabled(if: isAsked)) func `VectorMaking: documents are made anew when asked`() throws {
    try DocumentVectorMaker().make()
  }
}

/// Section 13 of the format's description, rule by rule: one decoder for all who read signed documents.
@Suite(.enabled(if: !DocumentVectorMaking.isAsked)) struct DocumentVectorTests {
  private let vectors: [DocumentVector]

  init() throws { vectors = try DocumentVector.all() }

  @Test func `every vector gives its code`() throws {
    let cards = [try DocumentKeys.registry().card, try DocumentKeys.mts().card]
    for vector in vectors {
      #expect(try vector.outcome(cards: cards) == vector.code, "\(vector.folder)")
    }
  }

  @Test func `airlock verify calls the good ones authentic, and no other, with status 3`() throws {
    let place = try TemporaryFolder()
    let keys = place("site/keys")
    try FileManager.default.createDirectory(atPath: keys, withIntermediateDirectories: true)
    chmod(keys, 0o700)
    for party in [try DocumentKeys.registry(), try DocumentKeys.mts()] {
      try place.write(party.card.text, as: "site/keys/\(party.name).card.json")
    }
    let told = try Tool.run(
      AuditorTests.products + "/airlock",
      ["verify", "--json", "--root", place("site")] + vectors.map(\.path))
    #expect(told.status == 3, "\(told.errors)")
    let lines = told.output.split(separator: "\n")
    try #require(lines.count == vectors.count)
    for (vector, line) in zip(vectors, lines) {
      let finding = try JSONDocument(parsing: String(line)).root.json
      #expect(finding["authentic"] == .bool(vector.isGood), "\(vector.folder): \(line)")
    }
  }

  @Test func `the schemas take the good ones, and refuse as many of the others as the list says`()
    throws
  {
    for vector in vectors {
      #expect(try vector.schemaVerdict() == vector.schema, "\(vector.folder)")
      #expect(!vector.isGood || vector.schema == "accepts", "\(vector.folder)")
    }
    #expect(vectors.count { $0.schema == "refuses" } == 67)
  }

  @Test
  func `the list has all vectors, one for each demand, and they are as many as ever`()
    throws
  {
    let folders = try FileManager.default.contentsOfDirectory(atPath: DocumentVector.place.path)
    #expect(Set(folders) == Set(vectors.map(\.folder) + ["documents.json"]))
    #expect(vectors.count == 128 && vectors.count { $0.isGood } == 10)
    let page = try String(
      contentsOfFile: Fixture.package + "/docs/archive-format.md", encoding: .utf8)
    let demands = page.matches(of: /\[(D\d+)\]/).map { String($0.1) }
    #expect(demands.count == Set(demands).count && demands.count == 24)
    let bad = vectors.filter { !$0.isGood }
    #expect(Set(bad.map(\.rule)) == Set(demands))
    #expect(
      Set(bad.map(\.code)) == [
        "document_format", "document_misnamed", "signature_missing", "signature_refused",
        "unknown_sender",
      ])
  }

  @Test func `the stock minisign verifies every good one`() throws {
    let place = try TemporaryFolder()
    for vector in vectors where vector.isGood {
      let isReceipt = vector.kind == "receipt"
      let signer = try isReceipt ? DocumentKeys.mts() : DocumentKeys.registry()
      try place.write(Minisign.text(of: signer.card.signing), as: "key.pub")
      let verdict = try Tool.run("minisign", ["-Vm", vector.path, "-p", place("key.pub")])
      #expect(verdict.status == 0, "\(vector.folder): \(verdict.errors)")
    }
  }
}
