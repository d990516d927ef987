import Files
import Foundation
import JSONText
import Keys
import Secrets
import Testing

@testable import Archives

/// The vectors of the format's description: each is named by the class that it must give.
@Suite struct VectorTests {
  let vectors: [Vector]
  let page: String

  init() throws {
    vectors = try Vector.all()
    page = try String(
      contentsOf: Vector.repository.appending(path: "docs/archive-format.md"), encoding: .utf8)
  }

  @Test func `fault 46, 49, 50, 51, 53, 54, 56: every vector gives its class and code`() throws {
    for vector in vectors {
      let found = try vector.outcome()
      #expect(found?.class ?? "ok" == vector.class, "\(vector.file)")
      #expect(found?.code == vector.code, "\(vector.file)")
      #expect(vector.file.hasPrefix(vector.class + "-"))
    }
  }

  @Test func `the list has all vectors, of every class, and they are as many as ever`() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: Vector.folder.path)
      .filter { $0 != "documents" }
    let archives = names.filter { $0.hasSuffix(".sealed") }
    #expect(Set(vectors.map(\.file)) == Set(archives))
    #expect(vectors.count == 481)
    #expect(vectors.filter(\.isGood).count == 34)
    #expect(names.filter { $0.hasSuffix(".minisig") }.count == vectors.count - 1, "one has none")
    let own: Set<ArchiveFault.Failure> = [.draft, .destination]
    let classes = Set(ArchiveFault.Failure.allCases).subtracting(own).map(\.rawValue) + ["ok"]
    #expect(Set(vectors.map(\.class)) == Set(classes))
    #expect(vectors.allSatisfy { $0.isGood == ($0.step == nil) })
  }

  @Test func `cards are taken or refused as the list says`() throws {
    let cards = try JSONDecoder().decode(
      [VectorCard].self, from: Data(contentsOf: Vector.folder.appending(path: "cards.json")))
    for card in cards {
      let fault = code { try Vector.card(card.file) }
      #expect((fault == nil) == card.sound, "\(card.file): \(fault ?? "taken")")
    }
    #expect(cards.count == 31)
  }

  @Test func `every demand of the page has a vector, or is a writer's`() {
    let demands = page.matches(of: /\[(\d+\.\d+|W\d+)\]/).map { String($0.1) }
    // Section 14 is of cards, which have a list of their own.
    let ofReaders = Set(demands.filter { !$0.hasPrefix("W") && !$0.hasPrefix("14") })
    #expect(demands.count == Set(demands).count, "a number stands twice")
    #expect(ofReaders.subtracting(vectors.map(\.rule)).isEmpty)
    #expect(Set(vectors.map(\.rule)).subtracting(ofReaders).isEmpty)
    #expect(demands.count >= 40)
    // No demand without its number: after each MUST comes one, before the next. Section 13 is of the
    // documents beside archives, which have tests of their own, kind by kind.
    let archives = page.components(separatedBy: "\n## 13")
    #expect(archives.count == 2)
    for piece in archives[0].components(separatedBy: "MUST").dropFirst() {
      #expect(piece.contains(/\[[\dW]/) || piece.count < 400, "\(piece.prefix(60))")
    }
  }

  @Test func `what is accepted is written again as the same bytes`() throws {
    for vector in vectors where vector.isGood {
      let bytes = [UInt8](try Data(contentsOf: URL(filePath: vector.path)))
      let header = try UnverifiedArchive(path: vector.path).header
      #expect(try bytes.starts(with: header.preamble()), "\(vector.file)")
      let beside = [UInt8](try Data(contentsOf: URL(filePath: vector.path + ".minisig")))
      // But for the first line, which says what its signer likes.
      let again = try Array(MinisignSignature(parsing: beside).text.utf8)
      #expect(again.drop { $0 != 0x0A } == beside.drop { $0 != 0x0A }, "\(vector.file)")
    }
  }

  @Test func `the stock minisign verifies every good vector`() throws {
    let key = NSTemporaryDirectory() + "vectors-\(UUID().uuidString).pub"
    defer { try? FileManager.default.removeItem(atPath: key) }
    try Minisign.text(of: VectorKeys.sender().card.signing).write(
      toFile: key, atomically: true, encoding: .utf8)
    // Of a first line it reads 1,024 bytes.
    for vector in vectors where vector.isGood && !vector.file.contains("12-kib") {
      let verdict = try Stock.run("/usr/bin/minisign", ["-Vm", vector.path, "-p", key])
      #expect(verdict.status == 0, "\(vector.file): \(verdict.output)")
    }
  }

  @Test func `the worked example of the page is the first vector`() throws {
    let example = try #require(page.components(separatedBy: "```hexdump\n").dropFirst().first)
    let lines = example.components(separatedBy: "```")[0].split(separator: "\n")
    let vector = [UInt8](try Data(contentsOf: Vector.folder.appending(path: "ok-small.sealed")))
    for line in lines where line != "*" {
      let offset = try #require(Int(line.prefix(8), radix: 16))
      let bytes = line.dropFirst(10).prefix(48).split(separator: " ").compactMap {
        UInt8($0, radix: 16)
      }
      #expect(vector[offset...].starts(with: bytes) && !bytes.isEmpty, "\(line)")
    }
    #expect(lines.count > 50)
  }
}

/// A row of `Tests/Vectors/cards.json`.
private struct VectorCard: Codable {
  let file: String
  let sound: Bool
}
