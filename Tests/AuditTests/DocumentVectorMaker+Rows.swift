import JSONText
import Keys
import Secrets

/// What is wrong with each vector: one thing.
extension DocumentVectorMaker {
  private static func archive(_ sequence: Int64) -> JSON {
    [
      "sequence": .int(sequence), "file": .string("monthly-0000000\(sequence).sealed"),
      "kind": "mts-request", "digest": hex("0\(sequence)"), "previous": hex("0\(sequence - 1)"),
      "bytes": 900, "records": 3, "job": "monthly", "created": time,
    ]
  }

  private func index() -> Draft {
    draft(
      "index", "INDEX.json", by: registry,
      [
        "stream": "mts", "head": ["sequence": 3, "digest": Self.hex("03")],
        "archives": [Self.archive(2), Self.archive(3)], "retired": [[1, 1]],
      ])
  }

  /// What every kind must be.
  func general() throws {
    let sound = checkpoint()
    try save("not-canonical", "D1", sound) { $0.text = Array($0.json.pretty().utf8) }
    try save("no-newline", "D1", sound) { $0.text = $0.json.canonical() }
    try save("two-newlines", "D1", sound) { $0.text = $0.json.canonical() + [0x0A, 0x0A] }
    try save("key-twice", "D1", sound) {
      $0.text =
        Array("{\"airlock\":\"checkpoint\",".utf8) + $0.json.canonical().dropFirst() + [0x0A]
    }
    try save("not-an-object", "D1", sound) { $0.text = Array("[]\n".utf8) }
    try save("other-kind", "D2", sound) { $0.set("airlock", "index") }
    try save("version-2", "D2", sound) { $0.set("version", 2) }
    try save("version-true", "D2", sound) { $0.set("version", true) }
    try save("sender-more", "D3", sound) { $0.set("sender/more", 1) }
    try save("sender-key-lower-case", "D3", sound) {
      $0.set("sender/key_id", .string($0.signer.card.keyID.hex.lowercased()))
    }
    try save("sender-name", "D3", sound) { $0.set("sender/name", "Registry") }
    try save("none", "D4", sound, code: "signature_missing") { $0.isSigned = false }
    try save("other-key", "D4", sound, code: "unknown_sender") {
      $0.signer = try DocumentKeys.stranger()
      $0.set("sender/key_id", .string($0.signer.card.keyID.hex))
    }
    try save("other-name", "D4", sound, code: "unknown_sender") { $0.set("sender/name", "mts") }
    try save("stranger", "D4", sound, code: "signature_refused") {
      $0.signer = try DocumentKeys.stranger()
    }
    try save("comment-of-another-kind", "D5", sound, code: "signature_refused") {
      $0.comment = "airlock index sender=registry"
    }
    try save("comment-with-more", "D5", sound, code: "signature_refused") {
      $0.comment = "airlock checkpoint sender=registry more"
    }
  }

  func indexes() throws {
    let sound = index()
    try save("index", "D9", sound, code: "ok")
    try save("index-empty", "D9", sound, code: "ok") {
      for (path, value) in [("head", JSON.null), ("archives", []), ("retired", [])] {
        $0.set(path, value)
      }
    }
    try save(
      sound,
      [
        ("hole", "D9", "archives/0", nil), ("twice", "D9", "retired", [[1, 2]]),
        ("beyond-head", "D9", "head/sequence", 2), ("before-head", "D9", "head/sequence", 4),
        ("no-head", "D9", "head", .null), ("no-first", "D9", "retired", []),
        ("not-sorted", "D9", "archives", [Self.archive(3), Self.archive(2)]),
        ("range-backwards", "D10", "retired", [[1, 0]]),
        ("second-follows-none", "D11", "archives/0/previous", .null),
        ("other-previous", "D11", "archives/1/previous", Self.hex("09")),
        ("other-file", "D12", "archives/0/file", "monthly-00000003.sealed"),
        ("short-number", "D12", "archives/0/file", "monthly-2.sealed"),
        ("other-head", "D13", "head/digest", Self.hex("09")),
        ("sealed-drop", "D14", "archives/0/kind", "snapshot"),
        ("results", "D14", "archives/0/kind", "mts-results"),
        ("no-stream", "D6", "stream", nil), ("more", "D6", "more", 1),
        ("archive-with-more", "D6", "archives/0/more", 1), ("head-with-more", "D6", "head/more", 1),
        ("records-negative", "D7", "archives/0/records", -1),
        ("bytes-text", "D7", "archives/0/bytes", "900"),
        ("time", "D7", "archives/0/created", "2026-02-30T10:00:00Z"),
        ("digest-upper-case", "D7", "archives/0/digest", Self.hex("0A")),
        ("sequence-0", "D7", "archives/0/sequence", 0),
        ("retired-three", "D7", "retired", [[1, 1, 1]]),
        ("stream-blank", "D7", "stream", "m ts"),
      ])
    try save("index-ranges-meet", "D10", sound) {
      $0.set("archives", [Self.archive(3)])
      $0.set("retired", [[1, 1], [2, 2]])
    }
    try save("index-first-follows", "D11", sound) {
      $0.set("archives", [Self.archive(1), Self.archive(2), Self.archive(3)])
      $0.set("retired", [])
    }
    try misnamed(sound, ["index.json"])
  }

  private func receipt(_ state: String, _ more: JSON = .object([])) -> Draft {
    var members: [JSON.Member] = [
      .init("to", "registry"), .init("stream", "mts"), .init("sequence", 7),
      .init("archive", Self.hex("07")), .init("state", .string(state)), .init("records", 10),
      .init("at", Self.time),
    ]
    if case .object(let own) = more { members += own }
    return draft("receipt", "mts-00000007.\(state).receipt.json", by: mts, .object(members))
  }

  func receipts() throws {
    let (opened, tokenised) = (
      receipt("opened"), receipt("tokenised", ["answered": 6, "failed": 4])
    )
    let applied = receipt("applied", ["done": 7, "stale": [[2, 3], [5, 5]]])
    for sound in [opened, tokenised, applied] {
      try save("receipt-\(sound.json["state"]?.text ?? "")", "D15", sound, code: "ok")
    }
    try save("receipt-closed", "D15", opened) {
      $0.set("state", "closed")
      $0.file = "mts-00000007.closed.receipt.json"
    }
    try save(
      opened,
      [
        ("opened-and-answered", "D15", "answered", 6), ("opened-and-done", "D15", "done", 10),
        ("records-negative", "D7", "records", -1), ("sequence-0", "D7", "sequence", 0),
        ("time", "D7", "at", "2026-11-23"), ("to", "D7", "to", "The Registry"),
        ("archive-short", "D7", "archive", "07"), ("more", "D6", "note", "x"),
        ("no-time", "D6", "at", nil),
      ])
    try save(
      tokenised,
      [
        ("no-failed", "D15", "failed", nil), ("tokenised-and-stale", "D15", "stale", []),
        ("answered-negative", "D7", "answered", -1), ("too-many", "D16", "answered", 7),
      ])
    let many = (0..<1_001).map { (number: Int) -> JSON in
      let odd = JSON.int(Int64(2 * number + 1))
      return .array([odd, odd])
    }
    try save(
      applied,
      [
        ("no-stale", "D15", "stale", nil), ("applied-and-failed", "D15", "failed", 0),
        ("done-differs", "D17", "done", 8),
        ("stale-not-sorted", "D17", "stale", [[5, 5], [2, 3]]),
        ("stale-touch", "D17", "stale", [[2, 2], [3, 4]]),
        ("stale-beyond", "D17", "stale", [[9, 11]]), ("stale-0", "D7", "stale", [[0, 2]]),
        ("stale-backwards", "D17", "stale", [[5, 3]]),
      ])
    try save("receipt-1001-ranges", "D17", applied) {
      $0.set("records", 3_000)
      $0.set("done", 1_999)
      $0.set("stale", .array(many))
    }
    try misnamed(
      opened, ["mts-00000008.opened.receipt.json", "mts-00000007.tokenised.receipt.json"])
  }

  private func checkpoint() -> Draft {
    draft(
      "checkpoint", "CHECKPOINT.json", by: registry,
      ["entries": 12, "head": Self.hex("0c"), "at": Self.time])
  }

  func checkpoints() throws {
    let sound = checkpoint()
    try save("checkpoint", "D18", sound, code: "ok")
    try save(
      sound,
      [
        ("minus-3", "D18", "entries", -3), ("of-nothing", "D18", "entries", 0),
        ("entries-text", "D18", "entries", "12"), ("fraction", "D18", "entries", .double(12.5)),
        ("no-head", "D6", "head", nil), ("more", "D6", "more", .null),
        ("head-null", "D7", "head", .null), ("time", "D7", "at", "2026-11-23T10:00:00+00:00"),
      ])
    try misnamed(sound, ["CHECKPOINT-kept.json"])
  }

  func certificates() throws {
    let run = "vids-20261123T100000Z.prune"
    let sound = draft(
      "certificate", run + ".certificate.json", by: registry,
      [
        "run": .string(run), "policy": "vids", "policy_digest": Self.hex("0d"),
        "snapshot": Self.hex("0e"), "at": Self.time, "matched": 5, "registrants": 2, "deleted": 2,
        "left_out": ["no_token": 3], "vids": "matched", "token": "verified-result",
        "marks": [Self.hex("01", 16), Self.hex("02", 16)],
      ])
    try save("certificate", "D22", sound, code: "ok")
    try save("certificate-of-nothing", "D23", sound, code: "ok") {
      for (path, value) in [("registrants", 0), ("deleted", 0), ("marks", [])] as [(String, JSON)] {
        $0.set(path, value)
      }
    }
    try save(
      sound,
      [
        ("not-sorted", "D22", "marks", [Self.hex("02", 16), Self.hex("01", 16)]),
        ("mark-twice", "D22", "marks", [Self.hex("01", 16), Self.hex("01", 16)]),
        ("fewer-marks", "D22", "marks/1", nil), ("too-many-registrants", "D23", "registrants", 6),
        ("nobody", "D23", "registrants", 0), ("reach", "D24", "vids", "some"),
        ("token", "D24", "token", "any"), ("reason", "D24", "left_out", ["No token": 3]),
        ("more", "D6", "more", 1), ("no-policy", "D6", "policy_digest", nil),
        ("negative", "D7", "matched", -1), ("mark-upper-case", "D7", "marks/0", Self.hex("0A", 16)),
        ("reasons-list", "D7", "left_out", []), ("reason-negative", "D7", "left_out", ["a": -1]),
        ("run-path", "D7", "run", "../vids"),
      ])
    try misnamed(sound, ["vids-20261124T100000Z.prune.certificate.json"])
  }

  func rotations() throws {
    let next = try DocumentKeys.next(replacing: registry).card
    let sound = draft(
      "rotation", "registry.rotation.json", by: registry,
      [
        "old": .string(registry.card.fingerprint.text), "card": next.json, "at": Self.time,
        "from": "2026-12-01T00:00:00Z", "until": "2027-02-01T00:00:00Z",
      ])
    try save("rotation", "D19", sound, code: "ok")
    let (other, plain) = (mts.card.fingerprint.text, try DocumentKeys.stranger().card)
    let foreign = try DocumentKeys.identity(
      "mts", 0x55, 0x66, terms: CardTerms(replaces: registry.card.fingerprint)
    ).card
    let same = try DocumentKeys.identity(
      "registry", 0x11, 0x22, terms: CardTerms(replaces: registry.card.fingerprint)
    ).card
    try save(
      sound,
      [
        ("of-another-key", "D19", "old", .string(other)),
        ("other-name", "D19", "card", foreign.json),
        ("replaces-nothing", "D19", "card", plain.json), ("same-key", "D19", "card", same.json),
        ("key-id", "D19", "card/key_id", "0123456789ABCDEF"),
        ("card-altered", "D19", "card/expires", "2030-01-01T00:00:00Z"),
        ("never-begins", "D20", "from", "2027-02-01T00:00:00Z"),
        ("late", "D20", "at", "2027-02-01T00:00:00Z"),
        ("more", "D6", "more", 1), ("card-with-more", "D6", "card/more", 1),
        ("time", "D7", "at", "yesterday"), ("no-blanks", "D7", "old", Self.hex("0d")),
      ])
    try save("rotation-of-nobody-here", "D19", sound) {
      let card = try DocumentKeys.identity(
        "registry", 0x55, 0x66, terms: CardTerms(replaces: self.mts.card.fingerprint)
      ).card
      $0.set("old", .string(other))
      $0.set("card", card.json)
    }
    try misnamed(sound, ["mts.rotation.json"])
  }

  func revocations() throws {
    func key(_ name: String, _ id: String) -> JSON {
      [
        "name": .string(name), "key_id": Self.hex(id, 8), "fingerprint": .null,
        "reason": "retired", "since": Self.time,
      ]
    }
    let sound = draft(
      "revocations", "REVOKED.json", by: registry,
      ["number": 2, "keys": [key("mts", "0A"), key("mts", "0B")]])
    try save("revocations", "D21", sound, code: "ok")
    try save(
      sound,
      [
        ("not-sorted", "D21", "keys", [key("mts", "0B"), key("mts", "0A")]),
        ("key-twice", "D21", "keys", [key("a", "0A"), key("mts", "0A")]),
        ("number-0", "D7", "number", 0), ("reason", "D7", "keys/0/reason", "lost"),
        ("fingerprint", "D7", "keys/0/fingerprint", Self.hex("0d")),
        ("key-with-more", "D6", "keys/0/more", 1), ("no-number", "D6", "number", nil),
      ])
    try misnamed(sound, ["mts.revoked.json"])
  }
}
