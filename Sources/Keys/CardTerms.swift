package import JSONText

/// What a card says of its own use. A card that says any of it is signed by its own key, so that
/// nobody who carries it can change a word.
package struct CardTerms: Sendable, Hashable {
  /// Nil is all.
  package let usage: [KeyUsage]?
  /// The first second that it counts in.
  package let notBefore: UTCTime?
  /// The first second that it counts in no more.
  package let expires: UTCTime?
  /// Whose place it takes. For people: believed only by a rotation that the old key signed.
  package let replaces: Fingerprint?

  package init(
    usage: [KeyUsage]? = nil, notBefore: UTCTime? = nil, expires: UTCTime? = nil,
    replaces: Fingerprint? = nil
  ) {
    self.usage = usage
    self.notBefore = notBefore
    self.expires = expires
    self.replaces = replaces
  }

  /// A card that says nothing of its use.
  package static let none = CardTerms()

  /// The same for the key that takes this one's place at `from`: for the same use, valid as long.
  package func succeeding(_ card: Card, from: UTCTime) -> CardTerms {
    let length = expires.map { $0.seconds - (notBefore?.seconds ?? from.seconds) }
    return CardTerms(
      usage: usage, notBefore: notBefore.map { _ in from },
      expires: length.map { UTCTime(clamping: from.seconds + max($0, 86_400)) },
      replaces: card.fingerprint)
  }
}

extension CardTerms {
  var members: [JSON.Member] {
    let all: [(String, JSON?)] = [
      ("usage", usage.map { .array($0.map { .string($0.rawValue) }) }),
      ("not_before", notBefore.map { .string($0.text) }),
      ("expires", expires.map { .string($0.text) }),
      ("replaces", replaces.map { .string($0.text) }),
    ]
    return all.compactMap { key, value in value.map { JSON.Member(key, $0) } }
  }

  /// Takes what is there.
  init(_ members: inout JSONObjectCursor) throws {
    self.init(
      usage: try members.optional("usage").map(CardTerms.usage),
      notBefore: try members.optional("not_before").map(CardTerms.time),
      expires: try members.optional("expires").map(CardTerms.time),
      replaces: try members.optional("replaces").map(CardTerms.fingerprint))
    if let notBefore, let expires, expires <= notBefore {
      throw KeysFault(.cardFormat, "the card expires before it is valid")
    }
  }

  private static func usage(_ cursor: JSONCursor) throws -> [KeyUsage] {
    let all = try cursor.array().map { cursor in
      guard let usage = KeyUsage(rawValue: try cursor.string()) else {
        let known = KeyUsage.allCases.map(\.rawValue).joined(separator: ", ")
        throw cursor.fault("usage_unknown", "this is no use of a key", hint: "there are \(known)")
      }
      return usage
    }
    guard !all.isEmpty, Set(all).count == all.count else {
      throw cursor.fault("usage_unknown", "usage must name at least one use, and each once")
    }
    return all
  }

  static func time(_ cursor: JSONCursor) throws -> UTCTime {
    guard let time = UTCTime(text: try cursor.string()) else {
      throw cursor.fault("wrong_time", "this must be a time like 2026-11-22T10:00:00Z")
    }
    return time
  }

  static func fingerprint(_ cursor: JSONCursor) throws -> Fingerprint {
    guard let fingerprint = Fingerprint(text: try cursor.string()) else {
      throw cursor.fault("wrong_fingerprint", "this must be a fingerprint")
    }
    return fingerprint
  }
}
