package import Language

/// What the MTS is sent for a gender.
///
/// The registry's keys are data of its own: `Female`, `F`, `femme`. The MTS takes any text and passes
/// it on to be compared with what MOSIP knows, where a word of another language makes the record
/// fail. So a value that the manifest's or the policy's table knows becomes what that says, the usual
/// words of some languages become the MTS's own, and anything else goes as it stands and is counted.
/// Letters are in no list: `M` is a man in English and a woman (mujer) in Spanish.
package struct GenderWords: Sendable {
  enum Answer: Equatable {
    case asItStands
    case unknown
    case word([UInt8])
  }

  /// The MTS's own, as its documentation has them.
  private static let own = ["male", "female", "others"]

  /// In small letters. English, French, Spanish, Portuguese, Arabic, Khmer, Tamil, Hindi, Bengali,
  /// Amharic, Filipino.
  private static let usual: [String: [String]] = [
    "male": [
      "man", "masculin", "homme", "masculino", "hombre", "varón", "varon", "homem", "ذكر", "ប្រុស",
      "ஆண்", "पुरुष", "পুরুষ", "ወንድ", "lalaki",
    ],
    "female": [
      "woman", "féminin", "feminin", "femme", "femenino", "mujer", "feminino", "mulher", "أنثى",
      "انثى", "ស្រី", "பெண்", "महिला", "মহিলা", "ሴት", "babae",
    ],
    "others": ["autre", "autres", "otro", "otra", "otros", "outro", "outra", "outros"],
  ]

  /// The value as it is written, and the same in small letters and without white space around it.
  private var table: [String: String] = [:]
  private var folded: [String: String] = [:]
  /// What was asked lately: genders are few.
  private var seen: [(text: [UInt8], answer: Answer)] = []
  private static let mostSeen = 32

  /// - Parameters:
  ///   - manifest: counts before the policy's.
  package init(_ manifest: ValueTable = ValueTable(), policy: ValueTable = ValueTable()) {
    for (word, others) in Self.usual { for other in others { folded[other] = word } }
    for given in [policy.gender, manifest.gender] {
      for (value, word) in given {
        table[value] = word
        folded[Self.fold(value)] = word
      }
    }
  }

  mutating func answer(_ text: UnsafeBufferPointer<UInt8>) -> Answer {
    for known in seen where known.text.count == text.count && known.text.elementsEqual(text) {
      return known.answer
    }
    let answer = find(String(decoding: text, as: UTF8.self))
    if seen.count < Self.mostSeen { seen.append((Array(text), answer)) }
    return answer
  }

  private func find(_ text: String) -> Answer {
    let fold = Self.fold(text)
    if let word = table[text] ?? folded[fold] { return .word(Array(word.utf8)) }
    let isWord =
      Self.own.contains(fold) || fold == "other" || table.values.contains { Self.fold($0) == fold }
    guard isWord else { return .unknown }
    let trimmed = Self.trim(text)
    return trimmed == text[...] ? .asItStands : .word(Array(trimmed.utf8))
  }

  private static func fold(_ text: String) -> String { trim(text).lowercased() }

  private static func trim(_ text: String) -> Substring {
    var rest = text[...].drop(while: \.isWhitespace)
    while rest.last?.isWhitespace == true { rest.removeLast() }
    return rest
  }
}
