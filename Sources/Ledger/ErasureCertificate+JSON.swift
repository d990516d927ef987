internal import Files
package import JSONText
package import Keys
internal import Secrets

extension ErasureCertificate: SignedContent {
  package static let kind = SignedDocument.Kind.certificate
  package static let mostBytes = Int(maxBytes)

  package var members: [JSON.Member] {
    [
      .init("run", .string(run.text)), .init("policy", .string(policy.text)),
      .init("policy_digest", .string(policyDigest.hex)), .init("snapshot", .string(snapshot.hex)),
      .init("at", .string(at.text)), .init("matched", .int(counts.matched)),
      .init("registrants", .int(counts.registrants)), .init("deleted", .int(counts.deleted)),
      .init("left_out", JSON.counts(counts.leftOut)), .init("vids", .string(reach)),
      .init("token", .string(token)), .init("marks", .array(marks.map { .string($0.hex) })),
    ]
  }

  package func mayBeNamed(_ file: String) -> Bool { (try? fileName.text) == file }

  /// The marks are read where they lie: there may be a million.
  package init(by sender: DocumentSender, _ members: inout JSONObjectCursor) throws {
    let leftOut = try members.required("left_out")
    let marks = try members.required("marks")
    guard let reasons = leftOut.node.json.counts else { throw leftOut.malformed }
    guard let read = Self.marks(marks.node) else { throw marks.malformed }
    try self.init(
      DropName(members.required("run").string()), DropName(members.required("policy").string()),
      members.salted("policy_digest"), members.salted("snapshot"), members.time("at"),
      Counts(
        matched: members.required("matched").integer(in: 0...Int64.max),
        registrants: members.required("registrants").integer(in: 0...Int64.max),
        deleted: members.required("deleted").integer(in: 0...Int64.max), leftOut: reasons),
      members.required("vids").string(), members.required("token").string(), sorted: read)
  }

  private static func marks(_ node: JSONNode) -> [Mark]? {
    guard case .array(let elements) = node.value, elements.count <= mostMarks else { return nil }
    var marks: [Mark] = []
    marks.reserveCapacity(elements.count)
    for element in elements {
      guard case .string(let text) = element.value, let mark = Mark(hex: text) else { return nil }
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
