import Fixtures
import Foundation
import JSONText
import Testing

/// Results in sealed, signed archives, and those that somebody forged.
struct SealedResultTests {
  private static let required: JSON = ["signature": "required", "signers": ["mts"]]

  private static func text(_ rows: [JSON]) -> String { JSON.array(rows).line() }
  private static let whole = ResultSite.vids.map {
    ResultSite.row($0, "T" + $0.dropFirst())
  }

  @Test("Results that were sealed for the archive that they answer are taken in, and are verified")
  func sealed() throws {
    let site = try ResultSite(trust: Self.required)
    let name = try site.dropSealed(Self.text(Self.whole))
    #expect(try site.site.run().status == 0)
    let verdict = try site.site.verdict(name)
    #expect(verdict["result"]?["verified"] == true && site.count(verdict, "tokens") == 4)
    #expect(try site.tokens() == "1 2 3 4")
    #expect(site.site.folder.names("registry/store/claimed").isEmpty)
    let sent = try JSONDocument(parsing: site.site.folder.read("mts/sent.json")).root.json
    #expect(sent["streams"]?.elements?.first?["sequence"] == 1)
    let next = try site.dropSealed(Self.text(Self.whole.reversed()))
    #expect(next.hasSuffix("00000002.sealed"))
    #expect(try site.site.run().status == 0)
    #expect(site.count(try site.site.verdict(next), "known") == 4)
  }

  @Test("fault 82: a sealed table with fewer rows than were asked for is taken for a cut one")
  func cutTable() throws {
    let site = try ResultSite()
    let name = try site.dropSealed(
      "vid,token,status,errorCode,errorMessage\r\nV1,T1,processed,,\r\n")
    #expect(try site.site.run().status == 1)
    #expect(try site.site.verdict(name)["reason"]?["code"] == "incomplete_result")
    let part = try site.dropSealed(Self.text([Self.whole[0]]))
    #expect(try site.site.run().status == 0, "a list says itself where it ends")
    #expect(site.count(try site.site.verdict(part), "tokens") == 1)
  }

  @Test("fault 85: a forged result writes no token")
  func forged() throws {
    let start = try ResultSite(trust: Self.required)
    let rows: [(String, (ResultSite) throws -> String)] = [
      (
        "unsigned",
        { site in
          try site.site.drop(Self.text(Self.whole), as: "r.json")
          return "r.json"
        }
      ),
      (
        "unsigned",
        { site in
          let name = try site.dropSealed(Self.text(Self.whole))
          try FileManager.default.removeItem(atPath: site.site.root + "/inbox/\(name).minisig")
          return name
        }
      ),
      (
        "signer_not_trusted_for_kind",
        { site in
          try site.site.policy(
            ("trust", ["result": ["signature": "required", "signers": ["other"]]]))
          return try site.dropSealed(Self.text(Self.whole))
        }
      ),
      (
        "signature_mismatch",
        { site in
          let name = try site.dropSealed(Self.text(Self.whole))
          let path = URL(fileURLWithPath: site.site.root + "/inbox/" + name)
          var bytes = try Data(contentsOf: path)
          bytes[bytes.count - 1] ^= 1
          try bytes.write(to: path)
          return name
        }
      ),
      (
        "result_of_another_stream",
        { site in
          try site.site.policy(
            ("streams", ["mts": ["recipients": ["registry"], "fields": ["name"]]]))
          return try site.dropSealed(Self.text(Self.whole))
        }
      ),
    ]
    for (code, make) in rows {
      let site = try ResultSite(copying: start)
      let name = try make(site)
      #expect(try site.site.run().status == 1, "\(code)")
      let verdict = try site.site.verdict(name)
      #expect(verdict["outcome"] == "quarantined" && verdict["reason"]?["code"]?.text == code)
      #expect(try site.tokens() == "", "\(code)")
      #expect(try site.answers?["missing"] == 4, "\(code)")
    }
  }

  @Test("fault 64: a result for an archive that the site never showed, or another of that number")
  func unknownArchive() throws {
    let site = try ResultSite()
    let other = try ResultSite(copying: site)
    try other.send(note: "2", after: 200_000)
    let second = try #require(other.site.archives.last)
    let name = try site.dropSealed(
      Self.text(Self.whole), answering: "\(other.site.root)/outbox/mts/\(second)")
    #expect(try site.site.run().status == 1)
    #expect(try site.site.verdict(name)["reason"]?["code"] == "result_unknown_archive")
    try site.send(note: "3", after: 300_000)
    let again = try site.dropSealed(
      Self.text(Self.whole), answering: "\(other.site.root)/outbox/mts/\(second)")
    #expect(try site.site.run().status == 1)
    #expect(try site.site.verdict(again)["reason"]?["code"] == "result_digest_differs")
    #expect(try site.tokens() == "")
  }
}
