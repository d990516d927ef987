import Files
import Foundation
import JSONText
import Keys
import Secrets
import Testing

@testable import Archives

/// Run by `scripts/make-vectors` alone.
@Suite struct VectorMaking {
  static let isAsked = ProcessInfo.processInfo.environment["AIRLOCK_MAKE_VECTORS"] == "1"

  @Test(.enabled(if: isAsked)) func `vectors are made anew when asked`() throws {
    try VectorMaker().make()
  }
}

/// The vectors of the format's description: each is named by the class that it must give.
@Suite(.enabled(if: !VectorMaking.isAsked)) struct VectorTests {
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
    #expect(vectors.count == 154)
    #expect(vectors.filter(\.isGood).count == 15)
    #expect(names.count == 2 * vectors.count + 1, "one has no signature; vectors.json, reencode.py")
    let own: Set<ArchiveFault.Failure> = [.draft, .destination]
    let classes = Set(ArchiveFault.Failure.allCases).subtracting(own).map(\.rawValue) + ["ok"]
    #expect(Set(vectors.map(\.class)) == Set(classes))
    #expect(vectors.allSatisfy { $0.isGood == ($0.step == nil) })
  }

  @Test func `every demand of the page has a vector, or is a writer's`() {
    let demands = page.matches(of: /\[(\d+\.\d+|W\d+)\]/).map { String($0.1) }
    let ofReaders = Set(demands.filter { !$0.hasPrefix("W") })
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
      #expect(try Array(MinisignSignature(parsing: beside).text.utf8) == beside)
    }
  }

  @Test func `the stock minisign verifies every good vector`() throws {
    let key = NSTemporaryDirectory() + "vectors-\(UUID().uuidString).pub"
    defer { try? FileManager.default.removeItem(atPath: key) }
    try Minisign.text(of: VectorKeys.sender().card.signing).write(
      toFile: key, atomically: true, encoding: .utf8)
    for vector in vectors where vector.isGood {
      let verdict = try Stock.run("/usr/bin/minisign", ["-Vm", vector.path, "-p", key])
      #expect(verdict.status == 0, "\(vector.file): \(verdict.output)")
    }
  }

  @Test func `the worked example of the page is the first vector`() throws {
    let example = try #require(page.components(separatedBy: "```hexdump\n").dropFirst().first)
    let lines = example.components(separatedBy: "```")[0].split(separator: "\n")
    let bytes = lines.flatMap { line in
      line.dropFirst(10).prefix(48).split(separator: " ").compactMap { UInt8($0, radix: 16) }
    }
    let vector = try Data(contentsOf: Vector.folder.appending(path: "ok-small.sealed"))
    #expect(bytes == [UInt8](vector))
  }
}
