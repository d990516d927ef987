internal import Files
internal import JSONText
package import Keys
internal import Secrets

extension ErasureCertificate {
  /// What stands in the document beside `airlock`, `version` and `sender`.
  var members: [JSON.Member] {
    [
      .init("run", .string(run.text)), .init("policy", .string(policy.text)),
      .init("policy_digest", .string(policyDigest.hex)), .init("snapshot", .string(snapshot.hex)),
      .init("at", .string(at.text)), .init("matched", .int(counts.matched)),
      .init("registrants", .int(counts.registrants)), .init("deleted", .int(counts.deleted)),
      .init("left_out", JSON.counts(counts.leftOut)), .init("vids", .string(reach)),
      .init("token", .string(token)), .init("marks", .array(marks.map { .string($0.hex) })),
    ]
  }

  private static let keys: Set<String> = [
    "airlock", "version", "sender", "run", "policy", "policy_digest", "snapshot", "at", "matched",
    "registrants", "deleted", "left_out", "vids", "token", "marks",
  ]

  /// Reads a certificate whose signature was checked: every member known and there, in its form, the
  /// marks ascending, and the counts agreeing. The marks are read where they lie, once: there may be
  /// a million.
  /// - Throws: `document_format`.
  package init(_ document: SignedDocument) throws(KeysFault) {
    guard document.kind == .certificate else {
      throw KeysFault(
        .documentFormat, "this is a signed \(document.kind.rawValue), not a certificate")
    }
    var (keys, sender): (Set<String>, Set<String>) = ([], [])
    if case .object(let members) = document.json { keys = Set(members.map(\.key)) }
    if case .object(let members)? = document.json["sender"] { sender = Set(members.map(\.key)) }
    guard keys == Self.keys, sender == ["name", "key_id"] else {
      throw KeysFault(.documentFormat, "the certificate has other members")
    }
    let json = document.json
    try self.init(
      Self.value(json, "run") { $0.text.flatMap { try? DropName($0) } },
      Self.value(json, "policy") { $0.text.flatMap { try? DropName($0) } },
      Self.value(json, "policy_digest") { $0.text.flatMap(SaltedDigest.init(hex:)) },
      Self.value(json, "snapshot") { $0.text.flatMap(SaltedDigest.init(hex:)) },
      Self.value(json, "at") { $0.text.flatMap(UTCTime.init(text:)) },
      Counts(
        matched: Self.value(json, "matched", \.integer),
        registrants: Self.value(json, "registrants", \.integer),
        deleted: Self.value(json, "deleted", \.integer),
        leftOut: Self.value(json, "left_out", \.counts)),
      Self.value(json, "vids", \.text), Self.value(json, "token", \.text),
      sorted: Self.value(json, "marks", Self.marks))
  }

  private static func value<Value>(
    _ json: JSON, _ key: String, _ read: (JSON) -> Value?
  ) throws(KeysFault) -> Value {
    guard let value = json[key].flatMap(read) else {
      throw KeysFault(.documentFormat, "the certificate's \(key) has not its form")
    }
    return value
  }

  private static func marks(_ json: JSON) -> [Mark]? {
    guard let elements = json.elements, elements.count <= mostMarks else { return nil }
    var marks: [Mark] = []
    marks.reserveCapacity(elements.count)
    for element in elements {
      guard let mark = element.text.flatMap(Mark.init(hex:)) else { return nil }
      marks.append(mark)
    }
    return marks
  }
}

extension ErasureCertificate.Mark {
  /// 32 lower-case hex digits.
  package var hex: String {
    let digits = Self.digits
    return String(unsafeUninitializedCapacity: 32) { room in
      for place in 0..<32 {
        let half = place < 16 ? high : low
        room.initializeElement(at: place, to: digits[Int(half >> (60 - 4 * (place & 15)) & 15)])
      }
      return 32
    }
  }

  private static let digits = Array("0123456789abcdef".utf8)

  /// Nil unless this is what `hex` gives.
  package init?(hex: String) {
    guard hex.utf8.count == 32 else { return nil }
    var halves: (UInt64, UInt64) = (0, 0)
    for digit in hex.utf8 {
      let value: UInt64
      switch digit {
      case 0x30...0x39: value = UInt64(digit) - 0x30
      case 0x61...0x66: value = UInt64(digit) - 0x61 + 10
      default: return nil
      }
      halves = (halves.0 << 4 | halves.1 >> 60, halves.1 << 4 | value)
    }
    self.init(high: halves.0, low: halves.1)
  }
}

extension JSON {
  /// Numbers by their words, in order.
  static func counts(_ counts: [String: Int64]) -> JSON {
    .object(counts.sorted { $0.key < $1.key }.map { Member($0.key, .int($0.value)) })
  }

  /// Numbers by their words; nil for what is none.
  var counts: [String: Int64]? {
    guard case .object(let members) = self else { return nil }
    var counts: [String: Int64] = [:]
    for member in members {
      guard let count = member.value.integer, count >= 0 else { return nil }
      counts[member.key] = count
    }
    return counts
  }
}
