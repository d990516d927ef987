import Language
import Store

/// Writes records as the MTS takes them: flat objects of non-empty strings. A record is written
/// whole or taken back.
struct RecordWriter {
  private(set) var bytes: [UInt8] = []
  private(set) var count = 0
  /// Values of gender that no table knows, and that were sent as they stand.
  private(set) var unknownGenders = 0
  private let keys: Keys
  private let rules: VIDRules
  private var genders: GenderWords
  /// Parts of a gender, joined.
  private var joined: [UInt8] = []

  /// `"name":` and so on, made once.
  private struct Keys {
    let mapped: [(layout: RecordLayout.Mapped, key: [UInt8], joint: [UInt8])]
    let extras: [(index: Int, key: [UInt8])]
  }

  init(
    layout: RecordLayout, rules: VIDRules = VIDRules(), genders: GenderWords = GenderWords()
  ) {
    (self.rules, self.genders) = (rules, genders)
    keys = Keys(
      mapped: layout.mapped.map { mapped in
        (mapped, RecordWriter.key(mapped.key.rawValue), Array(mapped.key.joint.utf8))
      },
      extras: layout.extras.map { ($0.index, RecordWriter.key($0.name)) })
  }

  /// Starts an empty list of records, with `prefix` before it.
  mutating func begin(_ prefix: [UInt8]) {
    bytes.removeAll(keepingCapacity: true)
    bytes += prefix
    count = 0
  }

  mutating func end(_ suffix: [UInt8]) { bytes += suffix }

  /// Appends one record.
  /// - Returns: why it was left out, or nil if it was written.
  mutating func append(
    _ row: borrowing RegistrantRow, isShared: (UnsafeBufferPointer<UInt8>) -> Bool
  ) -> LeftOut? {
    guard let vid = row.vid, !vid.isBlank else { return .noVID }
    if let objection = rules.objection(to: vid) { return objection }
    guard !isShared(vid) else { return .sharedVID }
    let start = bytes.count
    if count > 0 { bytes.append(UInt8(ascii: ",")) }
    bytes += RecordWriter.opening
    TextBytes.escape(vid, into: &bytes)
    bytes.append(UInt8(ascii: "\""))
    var isUnknown = false
    for (layout, key, joint) in keys.mapped {
      let isThere =
        layout.key == .gender
        ? appendGender(row, layout.parts, key, &isUnknown)
        : appendJoined(row, layout.parts, key, joint)
      guard isThere || !layout.key.isRequired else {
        bytes.removeLast(bytes.count - start)
        return LeftOut(missing: layout.key)
      }
    }
    for (index, key) in keys.extras { _ = appendJoined(row, [index], key, []) }
    bytes.append(UInt8(ascii: "}"))
    count += 1
    if isUnknown { unknownGenders += 1 }
    return nil
  }

  /// As the others, with the word that the MTS is sent for it.
  private mutating func appendGender(
    _ row: borrowing RegistrantRow, _ parts: [Int], _ key: [UInt8], _ isUnknown: inout Bool
  ) -> Bool {
    joined.removeAll(keepingCapacity: true)
    for part in parts {
      guard let text = row.field(part), !text.isBlank else { continue }
      if !joined.isEmpty { joined.append(UInt8(ascii: " ")) }
      joined += text
    }
    guard !joined.isEmpty else { return false }
    var word = joined
    let answer = word.withUnsafeBufferPointer { genders.answer($0) }
    switch answer {
    case .asItStands: break
    case .unknown: isUnknown = true
    case .word(let other): word = other
    }
    bytes += key
    word.withUnsafeBufferPointer { TextBytes.escape($0, into: &bytes) }
    bytes.append(UInt8(ascii: "\""))
    return true
  }

  /// `,"key":"a b"` of the parts that are not blank; false and nothing written if all are.
  private mutating func appendJoined(
    _ row: borrowing RegistrantRow, _ parts: [Int], _ key: [UInt8], _ joint: [UInt8]
  ) -> Bool {
    var isFirst = true
    for part in parts {
      guard let text = row.field(part), !text.isBlank else { continue }
      bytes += isFirst ? key : joint
      TextBytes.escape(text, into: &bytes)
      isFirst = false
    }
    if !isFirst { bytes.append(UInt8(ascii: "\"")) }
    return !isFirst
  }

  private static let opening = Array(#"{"vid":""#.utf8)

  /// Names of fields hold nothing that needs escaping.
  private static func key(_ name: String) -> [UInt8] { Array(#","\#(name)":""#.utf8) }
}

/// UTF-8 text as it passes through.
enum TextBytes {
  /// Whether each character can be seen, and is ASCII's: two VIDs that look alike are the same then.
  static func isPlain(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    text.allSatisfy { (0x21...0x7E).contains($0) }
  }

  /// Appends the inside of a JSON string.
  static func escape(_ text: UnsafeBufferPointer<UInt8>, into out: inout [UInt8]) {
    var start = 0
    for index in 0..<text.count {
      let byte = text[index]
      guard byte < 0x20 || byte == 0x22 || byte == 0x5C else { continue }
      out.append(contentsOf: text[start..<index])
      start = index + 1
      switch byte {
      case 0x22: out += [0x5C, 0x22]
      case 0x5C: out += [0x5C, 0x5C]
      case 0x0A: out += [0x5C, UInt8(ascii: "n")]
      case 0x0D: out += [0x5C, UInt8(ascii: "r")]
      case 0x09: out += [0x5C, UInt8(ascii: "t")]
      default:
        out += Array("\\u00".utf8)
        out += [hex(byte >> 4), hex(byte & 15)]
      }
    }
    out.append(contentsOf: text[start...])
  }

  private static func hex(_ digit: UInt8) -> UInt8 {
    digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
  }
}
