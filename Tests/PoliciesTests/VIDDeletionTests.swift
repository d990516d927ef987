import Faults
import JSONText
import Language
import Testing

@testable import Policies

/// VID-deletion policies, as documents.
struct VIDDeletionTests {
  static let domain = "\"domain\": [[\"is_registrant\", \"=\", true]]"

  static func text(_ rest: String, domain: String = domain) -> String {
    let parts = ["\"airlock\": \"vid-deletion\", \"version\": 1", domain, rest]
    return "{\(parts.filter { !$0.isEmpty }.joined(separator: ", "))}"
  }

  static func decode(_ text: String) throws -> VIDDeletionPolicy {
    try VIDDeletionDecoder.decode(Array(text.utf8))
  }

  @Test("What a policy leaves out is the cautious choice")
  func usual() throws {
    let policy = try Self.decode(Self.text(""))
    #expect(policy.isEnabled)
    #expect(policy.vidType == nil && policy.tokenType == nil)
    #expect(policy.intervalMinutes == 5)
    #expect(policy.tokenSource == .verifiedResult && policy.tokenStatus == nil)
    #expect(policy.holdHours == 0 && policy.reach == .matched)
    #expect(policy.mostVIDs == nil && policy.mostPercent == 20)
  }

  @Test("A policy says all that it can")
  func whole() throws {
    let policy = try Self.decode(
      Self.text(
        """
        "$schema": "urn:airlock:schema:vid-deletion:1", "note": ["for", "people"],
        "enabled": false, "vid_id_type": "MOSIP VID", "uin_token_id_type": 7,
        "interval_minutes": 525600, "vids": "all", "at_most": {"vids": 1, "percent": 100},
        "token": {"from": "result", "status": "suspended", "hold_hours": 87600}
        """))
    #expect(!policy.isEnabled && policy.reach == .all)
    #expect(policy.vidType == .name("MOSIP VID") && policy.tokenType == .id(7))
    #expect(policy.intervalMinutes == 525_600 && policy.holdHours == 87_600)
    #expect(policy.tokenSource == .result && policy.tokenStatus == "suspended")
    #expect(policy.mostVIDs == 1 && policy.mostPercent == 100)
    #expect(policy.places.vidType?.pointer == "/vid_id_type")
    #expect(policy.places.domain?.pointer == "/domain")
  }

  /// What may stand beside a domain.
  static let sound = [
    "", "\"enabled\": false", "\"note\": [\"a\", \"b\"]",
    "\"vid_id_type\": 1, \"uin_token_id_type\": 2",
    "\"vid_id_type\": \"1\", \"uin_token_id_type\": 1", "\"interval_minutes\": 1",
    "\"token\": {}", "\"token\": {\"from\": \"registry\", \"hold_hours\": 0}",
    "\"token\": {\"status\": \"suspendué\", \"note\": \"x\"}", "\"at_most\": {}",
    "\"vids\": \"all\", \"at_most\": {\"vids\": 1000000000, \"percent\": 1}",
  ]

  static let broken: [(rest: String, fault: String)] = [
    ("\"vid\": 1", "unknown_key /vid"), ("\"enabled\": 1", "wrong_type /enabled"),
    ("\"note\": 7", "wrong_type /note"), ("\"$schema\": \"x\"", "foreign_schema /$schema"),
    ("\"vid_id_type\": \"\"", "bad_name /vid_id_type"),
    ("\"vid_id_type\": 0", "out_of_range /vid_id_type"),
    ("\"vid_id_type\": -3", "out_of_range /vid_id_type"),
    ("\"vid_id_type\": null", "wrong_type /vid_id_type"),
    ("\"uin_token_id_type\": 1.5", "wrong_type /uin_token_id_type"),
    ("\"vid_id_type\": 3, \"uin_token_id_type\": 3", "same_id_type /uin_token_id_type"),
    (
      "\"vid_id_type\": \"X\", \"uin_token_id_type\": \"X\"", "same_id_type /uin_token_id_type"
    ),
    ("\"interval_minutes\": 0", "out_of_range /interval_minutes"),
    ("\"interval_minutes\": 525601", "out_of_range /interval_minutes"),
    ("\"interval_minutes\": \"5\"", "wrong_type /interval_minutes"),
    ("\"token\": []", "wrong_type /token"), ("\"token\": {\"form\": 1}", "unknown_key /token/form"),
    ("\"token\": {\"from\": \"registries\"}", "unknown_word /token/from"),
    ("\"token\": {\"status\": \"\"}", "bad_status /token/status"),
    ("\"token\": {\"status\": \" \"}", "bad_status /token/status"),
    ("\"token\": {\"status\": null}", "wrong_type /token/status"),
    ("\"token\": {\"hold_hours\": -1}", "out_of_range /token/hold_hours"),
    ("\"token\": {\"hold_hours\": 87601}", "out_of_range /token/hold_hours"),
    (
      "\"token\": {\"hold_hours\": 1, \"from\": \"registry\"}",
      "hold_needs_result /token/hold_hours"
    ),
    ("\"vids\": \"some\"", "unknown_word /vids"), ("\"at_most\": 5", "wrong_type /at_most"),
    ("\"at_most\": {\"vids\": 0}", "out_of_range /at_most/vids"),
    ("\"at_most\": {\"percent\": 0}", "out_of_range /at_most/percent"),
    ("\"at_most\": {\"percent\": 101}", "out_of_range /at_most/percent"),
    ("\"at_most\": {\"percents\": 1}", "unknown_key /at_most/percents"),
  ]

  @Test(
    "fault 86: a policy with a fault is no policy, and the fault says where it is",
    arguments: broken)
  func faults(rest: String, fault: String) {
    let list = #expect(throws: FaultList.self) { try Self.decode(Self.text(rest)) }
    #expect(list?.all.map { "\($0.code) \($0.place?.pointer ?? "")" } == [fault])
    #expect(list?.place?.line == 1 && (list?.place?.column ?? 0) > 1)
  }

  @Test(
    "Another kind, another version, no domain, or one that Odoo would refuse",
    arguments: [
      ("{\"airlock\": \"policy\", \"version\": 1, \(domain)}", "wrong_kind"),
      ("{\"airlock\": \"vid-deletion\", \"version\": 2, \(domain)}", "unknown_version"),
      ("{\"airlock\": \"vid-deletion\", \(domain)}", "missing_key"), ("{\(domain)}", "missing_key"),
      (text("", domain: ""), "missing_key"), (text("", domain: "\"domain\": null"), "not_a_domain"),
      (text("", domain: "\"domain\": [\"&\"]"), "missing_operand"),
      (text("", domain: "\"domain\": [[\"a\", \"==\", 1]]"), "unknown_operator"),
      ("[]", "wrong_type"), ("{", "json_syntax"), ("", "json_empty"),
      ("{\"airlock\": \"vid-deletion\", \"airlock\": 1}", "json_duplicate_key"),
      (String(repeating: "[", count: 100_000), "json_too_deep"),
      ("\"\(String(repeating: "x", count: 4 << 20))\"", "json_too_large"),
    ])
  func documents(text: String, code: String) {
    let fault = #expect(throws: (any Error).self) { try Self.decode(text) }
    #expect((fault as? any Fault)?.code == code)
  }

  @Test("All that is wrong is told at once, in the order of the text, with what was meant")
  func allAtOnce() {
    let text = """
      {"airlock": "vid-deletion", "version": 1,
       "enbled": true,
       "domain": [["a", "==", 1], ["b", "=", 2], ["c"]],
       "token": {"form": "result", "hold_hours": -1},
       "at_most": {"percent": 0, "vids": 0},
       "vids": "every"}
      """
    let list = #expect(throws: FaultList.self) { try Self.decode(text) }
    #expect(
      list?.all.map { "\($0.place?.line ?? 0) \($0.code) \($0.place?.pointer ?? "")" } == [
        "2 unknown_key /enbled", "3 unknown_operator /domain/0/1", "3 not_a_term /domain/2",
        "4 unknown_key /token/form", "4 out_of_range /token/hold_hours",
        "5 out_of_range /at_most/percent", "5 out_of_range /at_most/vids", "6 unknown_word /vids",
      ])
    #expect(list?.all.first?.hint == "did you mean \"enabled\"?")
    #expect(list?.all[3].hint == "did you mean \"from\"?")
  }

  @Test("fault 86: a policy cut, doubled or altered anywhere is read or refused, and never more")
  func mutations() {
    let whole = Array(
      Self.text(
        "\"vid_id_type\": \"V\", \"uin_token_id_type\": 7, \"token\": {\"from\": \"result\", \"hold_hours\": 3}, \"at_most\": {\"vids\": 9}"
      ).utf8)
    let seed = UInt64.random(in: 0...UInt64.max)
    print("seed \(seed)")
    var random = SplitMix(state: seed)
    var (read, refused) = (0, 0)
    for _ in 0..<20_000 {
      var text = whole
      for _ in 0...Int.random(in: 0..<3, using: &random) { random.mutate(&text) }
      do {
        let policy = try VIDDeletionDecoder.decode(text)
        #expect((1...100).contains(policy.mostPercent) && policy.holdHours <= 87_600)
        read += 1
      } catch {
        #expect(error is FaultList || error is JSONFault)
        refused += 1
      }
    }
    #expect(read + refused == 20_000)
    #expect(refused > 10_000)
  }
}

/// SplitMix64, so that a seed tells the run.
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func mutate(_ text: inout [UInt8]) {
    guard !text.isEmpty else { return }
    let at = Int.random(in: 0..<text.count, using: &self)
    let end = min(text.count, at + Int.random(in: 1..<12, using: &self))
    switch Int.random(in: 0..<4, using: &self) {
    case 0: text[at] = UInt8.random(in: 0...255, using: &self)
    case 1: text.removeSubrange(at..<end)
    case 2: text.insert(contentsOf: text[at..<end], at: at)
    default: text[at] = Array("{}[]\",:0123456789-e ".utf8)[Int.random(in: 0..<20, using: &self)]
    }
  }
}
