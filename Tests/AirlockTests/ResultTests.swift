import Fixtures
import Foundation
import JSONText
import Testing

/// Results of the MTS, from the inbox to what filters see.
struct ResultTests {
  private typealias Row = ResultSite

  @Test("Tokens come to whom their VIDs were sent for, in whatever order, and filters see them")
  func shuffled() throws {
    let site = try ResultSite()
    let verdict = try site.take([
      Row.row("V3", "T3"), Row.row("V1", "T1"),
      Row.row("V4", nil, status: "error", code: "IDA-MLC-009"),
      Row.row("V2", "T2"),
    ])
    #expect(verdict["outcome"] == "accepted" && verdict["kind"] == "result")
    #expect(site.count(verdict, "tokens") == 3 && site.count(verdict, "rows") == 4)
    #expect(site.count(verdict, "refused", "IDA-MLC-009") == 1)
    #expect(try site.tokens() == "1 2 3")
    #expect(
      try site.site.ok(
        "search", #"[["reg_ids.value", "=", "T3"]]"#, "--root", site.site.root) == "3\n")
    #expect(try Schema("verdict").accepts(verdict))
    for name in ["accepted/r.json.verdict.json"] {
      let text = try site.site.folder.read("registry/inbox/" + name)
      #expect(!text.contains("\"T3\"") && !text.contains("V3"), "no value in a verdict")
    }
  }

  @Test("The status tells of each archive: with a token, refused by code, missing, overdue")
  func status() throws {
    let site = try ResultSite()
    try site.take([Row.row("V1", "T1"), Row.row("V2", nil, status: "invalid", code: "ATS-REQ-009")])
    let answers = try #require(try site.answers)
    #expect(answers["sent"] == 4 && answers["answered"] == 1 && answers["missing"] == 2)
    #expect(answers["refused"]?["ATS-REQ-009"] == 1 && answers["overdue"] == false)
    #expect(try site.status["streams"]?.elements?.first?["answered"] == 0)
    try site.take([Row.row("V3", "T3"), Row.row("V4", "T4")], as: "rest.json")
    #expect(try site.answers?["missing"] == 0)
    #expect(try site.status["streams"]?.elements?.first?["answered"] == 1)
    let words = try site.site.ok("status", "--root", site.site.root)
    #expect(words.contains("mts 1: 4 sent, 3 with a token, 1 ATS-REQ-009"))
  }

  @Test("Who was answered with a token is never sent again; who was refused is; the rest waits")
  func resend() throws {
    let site = try ResultSite()
    try site.take([Row.row("V1", "T1"), Row.row("V2", nil, status: "error", code: "ATS-REQ-100")])
    #expect(try site.send(note: "2", after: 120) == 1, "the refused one")
    #expect(try site.send(note: "3", after: 200_000) == 3, "all but the one with a token")
  }

  @Test("The same result twice changes nothing, by its bytes or by what it says")
  func twice() throws {
    let site = try ResultSite()
    let rows = [Row.row("V1", "T1"), Row.row("V2", "T2")]
    try site.take(rows)
    #expect(try site.take(rows, as: "again.json")["outcome"] == "duplicate")
    let other = try site.take(rows.reversed(), as: "other.json")
    #expect(other["outcome"] == "accepted")
    #expect(site.count(other, "tokens") == 0 && site.count(other, "known") == 2)
    #expect(try site.tokens() == "1 2")
  }

  @Test("A token outlives the next snapshot, until the registry brings it itself")
  func survives() throws {
    let site = try ResultSite()
    try site.take([Row.row("V1", "T1"), Row.row("V2", "T2")])
    try site.loadRegistry(note: "x")
    #expect(try site.tokens() == "1 2")
    try site.loadRegistry(tokens: [1: "T1"], note: "y")
    #expect(try site.tokens() == "1 2")
    let rows = try Tool.run(
      "sqlite3",
      [site.site.root + "/store/tokens.sqlite", "SELECT registrant, state FROM tokens ORDER BY 1"])
    #expect(rows.output == "1|in_registry\n2|held\n")
  }

  @Test(
    "fault 82: what is cut, empty or no result is not taken in",
    arguments: [
      #"[{"vid": "V1", "token": "T1", "status": "processed"}"#,
      #"[{"vid": "V1", "token": "T1", "status": "processed"}, {"vid": "V2", "tok"#, "[", "[]",
      "vid,token,status,errorCode,errorMessage\r\nV1,T1,processed,,\r\nV2,T2",
      "vid,token,status,errorCode,errorMessage\r\nV1,T1,processed,,\r\nV2,T2,processed,,",
      "vid,token,status,errorCode,errorMessage\r\nV1,\"T1",
      "vid,token,status,errorCode,errorMessage\r\n",
    ])
  func cut(text: String) throws {
    let site = try ResultSite()
    try site.site.drop(text, as: "r")
    #expect(try site.site.run().status == 1)
    let verdict = try site.site.verdict("r")
    #expect(verdict["outcome"] == "rejected")
    if text.count > 2 {
      let code = verdict["reason"]?["code"]?.text ?? ""
      #expect(["incomplete_result", "empty_result"].contains(code), "\(code)")
    }
    #expect(try site.tokens() == "")
    #expect(try site.answers?["missing"] == 4)
  }

  @Test(
    "fault 82: a table counts as the list does, by its header; rows may lack, repeat or be strange")
  func table() throws {
    let site = try ResultSite()
    try site.site.drop(
      "status,errorCode,vid,token\r\nprocessed,,V2,T2\r\nprocessed,,V2,T2\r\nprocessed,,VX,TX\r\nprocessed,,\"V1\",T1\r\n",
      as: "r.csv")
    #expect(try site.site.run().status == 0)
    let verdict = try site.site.verdict("r.csv")
    #expect(site.count(verdict, "tokens") == 2)
    #expect(site.count(verdict, "ignored", "repeated") == 1)
    #expect(site.count(verdict, "ignored", "unknown_vid") == 1)
    #expect(verdict["warnings"]?.elements?.first?["code"] == "partial_result")
    #expect(try site.tokens() == "1 2")
  }

  @Test("fault 83: what is no sound token is passed over and counted, and the VID stays pending")
  func oddRows() throws {
    let site = try ResultSite()
    let rows: [(JSON, String)] = [
      (Row.row("V1", nil), "bad_token"), (Row.row("V1", ""), "bad_token"),
      (Row.row("V1", "  "), "bad_token"), (Row.row("V1", "T 1"), "bad_token"),
      (Row.row("V1", String(repeating: "T", count: 257)), "bad_token"),
      (Row.row("V1", "T\u{e9}"), "bad_token"),
      (Row.row("V1", "T1", status: "processing"), "still_processing"),
      (Row.row("V1", "T1", status: "done"), "unknown_status"), (Row.row(nil, "T1"), "no_vid"),
    ]
    for (number, (row, reason)) in rows.enumerated() {
      // One sound row, so that something was sent.
      let verdict = try site.take([row, Row.row("V2", "T2")], as: "r\(number)")
      #expect(site.count(verdict, "ignored", reason) == 1, "\(reason)")
    }
    #expect(try site.tokens() == "2")
    #expect(try site.answers?["missing"] == 3)
  }

  @Test("fault 83: a token in a row in error is not taken")
  func tokenOfError() throws {
    let site = try ResultSite()
    let verdict = try site.take([Row.row("V1", "T1", status: "error", code: "hello you")])
    #expect(site.count(verdict, "ignored", "token_of_error") == 1)
    #expect(site.count(verdict, "refused", "other") == 1, "what is no code is not told")
    #expect(try site.tokens() == "")
  }

  @Test("fault 83, 84: tokens that contradict each other freeze who is concerned, and nobody else")
  func conflicts() throws {
    let first = [ResultSite.row("V1", "T1"), ResultSite.row("V2", "T2")]
    let cases: [([JSON], String, Int64, String)] = [
      ([Row.row("V3", "TA"), Row.row("V3", "TB")], "two_tokens", 1, "1 2"),
      ([Row.row("V3", "T1")], "shared_token", 2, "2"),
      ([Row.row("V3", "T3"), Row.row("V4", "T3")], "shared_token", 2, "1 2"),
      ([Row.row("V1", "T9")], "changed_token", 1, "2"),
    ]
    let start = try ResultSite()
    try start.take(first)
    for (rows, reason, count, tokens) in cases {
      let site = try ResultSite(copying: start)
      let verdict = try site.take(rows, as: "c.json")
      #expect(site.count(verdict, "conflicts", reason) == count, "\(reason)")
      #expect(verdict["warnings"]?.elements?.contains { $0["code"] == "conflict" } == true)
      #expect(try site.tokens() == tokens, "\(reason)")
      #expect(try site.status["frozen"]?.integer == count)
      let later = try site.take(rows.reversed() + [Row.row("V2", "T2")], as: "d.json")
      #expect((site.count(later, "ignored", "frozen") ?? 0) > 0 || rows.count == 2)
    }
  }

  @Test("fault 84: a token that the registry itself has for another freezes; nothing is deleted")
  func registryToken() throws {
    let site = try ResultSite()
    try site.loadRegistry(tokens: [4: "T4"], note: "x")
    let verdict = try site.take([Row.row("V1", "T4"), Row.row("V2", "T2")])
    #expect(site.count(verdict, "conflicts", "shared_token") == 2)
    #expect(try site.tokens() == "2 4")
    let vids = try site.site.ok(
      "search", #"[["reg_ids.id_type.name", "=", "MOSIP VID"]]"#, "--root", site.site.root,
      "--count")
    #expect(vids == "4\n")
  }

  @Test("fault 64: a result of VIDs that were never sent is refused")
  func neverSent() throws {
    let site = try ResultSite()
    let verdict = try site.take([Row.row("W1", "T1")])
    #expect(verdict["reason"]?["code"] == "result_of_nothing")
    #expect(try site.tokens() == "")
  }
}
