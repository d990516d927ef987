internal import JSONText
internal import Keys
internal import Secrets

/// The form of a value in an entry: so that none has room for what does not belong there.
indirect enum LedgerForm: Sendable {
  /// From 0, and from 1, to 2^53.
  case count, sequence
  /// 64 lower-case hex digits, of a digest, a salted one, or a fingerprint.
  case digest
  case party, label, keyID, time, bool
  /// 1 to 64 small letters, digits, `_` and `-`.
  case word
  /// 1 to 1,000 bytes: names of fields and files.
  case text
  /// A field and an operator.
  case pair
  /// Counts by words.
  case counts
  /// A name and a fingerprint.
  case recipient
  case list(LedgerForm)
  /// Or null.
  case optional(LedgerForm)

  func accepts(_ value: JSON) -> Bool {
    switch self {
    case .count: (0...Self.most).contains(value.integer ?? -1)
    case .sequence: (1...Self.most).contains(value.integer ?? -1)
    case .digest: value.text.flatMap(Digest.init(hex:)) != nil
    case .party: value.text.flatMap { try? KeyName($0) } != nil
    case .label: value.text.map(Self.isLabel) ?? false
    case .keyID: value.text.flatMap(SigningKeyID.init(hex:)) != nil
    case .time: value.text.flatMap(UTCTime.init(text:)) != nil
    case .bool: if case .bool = value { true } else { false }
    case .word: value.text.map(ErasureCertificate.isWord) ?? false
    case .text: (1...1_000).contains(value.text?.utf8.count ?? 0)
    case .pair: value.elements.map { $0.count == 2 && $0.allSatisfy(Self.text.accepts) } ?? false
    case .counts: value.counts?.keys.allSatisfy(ErasureCertificate.isWord) ?? false
    case .recipient: Self.isRecipient(value)
    case .list(let form): value.elements?.allSatisfy(form.accepts) ?? false
    case .optional(let form): value == .null || form.accepts(value)
    }
  }

  private static let most: Int64 = 1 << 53

  /// 1 to 200 letters, digits, `.`, `_` and `-`, with a letter, digit or `_` first.
  private static func isLabel(_ text: String) -> Bool {
    let isWord = { (byte: UInt8) in
      (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        || byte == 0x5F
    }
    return (1...200).contains(text.utf8.count) && text.utf8.first.map(isWord) == true
      && text.utf8.allSatisfy { isWord($0) || $0 == 0x2D || $0 == 0x2E }
  }

  private static func isRecipient(_ value: JSON) -> Bool {
    guard case .object(let members) = value, members.count == 2, let name = value["name"],
      let print = value["fingerprint"]
    else { return false }
    return party.accepts(name) && digest.accepts(print)
  }
}
