import JSONText
import Language

/// One reading of a VID-deletion policy, key by key.
struct VIDDeletionReader {
  private var object: JSONObjectCursor
  private let faults = FaultCollector()
  private var policy = VIDDeletionPolicy.nobody

  /// - Parameter object: with its kind and version taken.
  init(_ object: JSONObjectCursor) {
    self.object = object
    policy.places.document = object.cursor
  }

  mutating func read() -> VIDDeletionReading {
    readRemarks()
    policy.isEnabled = faults.attempt(object.optional("enabled")) { try $0.bool() } ?? true
    readDomain()
    readTypes()
    if let minutes = number("interval_minutes", 1...525_600, of: &object) {
      policy.intervalMinutes = minutes
    }
    readToken()
    if let reach = choice("vids", VIDDeletionPolicy.Reach.self, of: &object) {
      policy.reach = reach
    }
    readLimits()
    faults.note(object.strangers())
    let found = faults.faults
    return VIDDeletionReading(policy: found.isEmpty ? policy : nil, faults: found, sound: policy)
  }

  private mutating func readRemarks() {
    _ = faults.attempt(object.optional("note")) { try Remark.check($0) }
    _ = faults.attempt(object.optional("$schema")) { cursor in
      guard try cursor.string() == VIDDeletionDecoder.schema else {
        throw cursor.fault(
          "foreign_schema", "this document names another schema than that of a VID-deletion policy",
          hint: "leave it out, or write \"\(VIDDeletionDecoder.schema)\"")
      }
    }
  }

  private mutating func readDomain() {
    guard let place = object.optional("domain") else {
      return faults.note(
        object.cursor.fault(
          "missing_key", "the key \"domain\" is missing",
          hint: "it says whose VIDs may go; that of g2p_mts is in docs/vid-deletion.md"))
    }
    let reading = DomainParser().readAll(place)
    faults.note(reading.faults)
    policy.domain = reading.domain
    policy.places.domain = place
  }

  private mutating func readTypes() {
    policy.places.vidType = object.optional("vid_id_type")
    policy.places.tokenType = object.optional("uin_token_id_type")
    policy.vidType = faults.attempt(policy.places.vidType) { try IDTypeNaming.read($0) }
    policy.tokenType = faults.attempt(policy.places.tokenType) { try IDTypeNaming.read($0) }
    guard let token = policy.places.tokenType, let vid = policy.vidType, vid == policy.tokenType
    else { return }
    faults.note(IDTypeNaming.same(token))
  }

  private mutating func readToken() {
    guard let place = object.optional("token"), var block = faults.attempt({ try place.object() })
    else { return }
    _ = faults.attempt(block.optional("note")) { try Remark.check($0) }
    let hold = block.optional("hold_hours")
    if let source = choice("from", VIDDeletionPolicy.TokenSource.self, of: &block) {
      policy.tokenSource = source
    }
    policy.places.tokenStatus = block.optional("status")
    policy.tokenStatus = faults.attempt(policy.places.tokenStatus) { try StatusWord.read($0) }
    if let hours = number("hold_hours", 0...87_600, of: &block) { policy.holdHours = hours }
    faults.note(block.strangers())
    guard let hold, policy.tokenSource == .registry, policy.holdHours > 0 else { return }
    faults.note(
      hold.fault(
        "hold_needs_result",
        "only a result says since when a token is known; the registry does not",
        hint: "leave out \"hold_hours\", or take tokens \"from\" a \"verified-result\""))
  }

  private mutating func readLimits() {
    guard let place = object.optional("at_most"), var block = faults.attempt({ try place.object() })
    else { return }
    _ = faults.attempt(block.optional("note")) { try Remark.check($0) }
    policy.mostVIDs = number("vids", 1...1_000_000_000, of: &block)
    if let percent = number("percent", 1...100, of: &block) { policy.mostPercent = percent }
    faults.note(block.strangers())
  }

  /// A whole number that may be missing; nil also if it is wrong.
  private func number(
    _ key: String, _ range: ClosedRange<Int64>, of block: inout JSONObjectCursor
  ) -> Int? {
    faults.attempt(block.optional(key)) { Int(try $0.integer(in: range)) }
  }

  /// The same for one of a few words.
  private func choice<Word: RawRepresentable<String> & CaseIterable>(
    _ key: String, _ type: Word.Type, of block: inout JSONObjectCursor
  ) -> Word? {
    faults.attempt(block.optional(key)) { try PolicyNames.choice($0, of: type) }
  }
}

/// An id type, by its name or by its id in the registry.
enum IDTypeNaming {
  static func read(_ cursor: JSONCursor) throws(DocumentFault) -> VIDDeletionPolicy.TypeReference {
    switch cursor.node.value {
    case .int: return .id(try cursor.integer(in: 1...Int64.max))
    case .string: return .name(try PolicyNames.name(cursor))
    default:
      throw cursor.fault(
        "wrong_type",
        "an id type is its name, in quotes, or its id, and this is \(cursor.node.kindName)")
    }
  }

  static func same(_ cursor: JSONCursor) -> DocumentFault {
    cursor.fault(
      "same_id_type", "the VID and the UIN token cannot be of one id type",
      hint: "the VIDs would be taken for the tokens that they are deleted for")
  }
}

/// A key of the registry's selection `g2p.reg.id.status`: `valid`, `invalid`, or what an extension
/// adds.
enum StatusWord {
  static func read(_ cursor: JSONCursor) throws(DocumentFault) -> String {
    let word = try cursor.string()
    let isPlain = word.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value != 0x7F }
    guard (1...64).contains(word.utf8.count), isPlain else {
      throw cursor.fault(
        "bad_status", "a status is a word of 1 to 64 bytes without blanks",
        hint: "\"valid\", \"invalid\", or what the registry adds to them")
    }
    return word
  }
}
