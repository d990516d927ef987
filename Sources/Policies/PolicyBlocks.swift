import JSONText
import Language

extension DropTrust {
  init(_ cursor: JSONCursor) throws(DocumentFault) {
    var block = try cursor.object()
    self.init()
    for kind in Kind.allCases {
      if let rule = block.optional(kind.rawValue) { self[kind] = try Rule(rule) }
    }
    try block.finish()
  }
}

extension DropTrust.Rule {
  fileprivate enum Need: String, CaseIterable { case required, optional }

  init(_ cursor: JSONCursor) throws(DocumentFault) {
    var block = try cursor.object()
    self.init()
    isRequired = try PolicyNames.choice(block.required("signature"), of: Need.self) == .required
    let names = block.optional("signers")
    signers =
      try names.map { names throws(DocumentFault) in
        try PolicyNames.cards(names, atLeast: 0)
      } ?? []
    try block.finish()
    guard !isRequired || !signers.isEmpty else {
      throw (names ?? cursor).fault(
        "nobody_trusted", "a signature is required, and nobody's counts",
        hint: "name the trusted cards of keys/ in \"signers\"")
    }
  }
}

extension SitePolicy.RegistryPatches {
  init(
    _ cursor: JSONCursor, besides streams: [String: SitePolicy.Stream]
  ) throws(DocumentFault) {
    var block = try cursor.object()
    let (name, names) = (try block.required("stream"), try block.required("recipients"))
    let stream = try name.string()
    guard StreamName.isValid(stream) else {
      throw name.fault(
        "bad_name", "a stream's name is 1 to 64 lower-case letters, digits, \"-\" and \"_\"")
    }
    guard streams[stream] == nil else {
      throw name.fault(
        "stream_taken", "jobs send on the stream \"\(stream)\"",
        hint: "what the registry must change goes out on a stream of its own: name another")
    }
    let recipients = try PolicyNames.cards(names, atLeast: 1)
    guard recipients.count <= 64 else {
      throw names.fault("out_of_range", "a stream has 64 recipients at most")
    }
    self.init(stream: stream, recipients: recipients)
    try block.finish()
  }
}

extension IntakeLimits {
  init(_ cursor: JSONCursor) throws(DocumentFault) {
    var block = try cursor.object()
    self.init()
    func set<Number: FixedWidthInteger>(
      _ number: inout Number, _ key: String, _ range: ClosedRange<Int64>
    ) throws(DocumentFault) {
      if let value = block.optional(key) { number = Number(try value.integer(in: range)) }
    }
    try set(&quietMilliseconds, "quiet_milliseconds", 0...3_600_000)
    try set(&bytes, "bytes", 1...(1 << 44))
    try set(&expandedBytes, "expanded_bytes", 1...(1 << 46))
    try set(&entries, "entries", 1...100_000)
    try set(&depth, "depth", 4...256)
    try set(&lineBytes, "line_bytes", 1_024...(1 << 30))
    try set(&manifestBytes, "manifest_bytes", 1...(64 << 20))
    try set(&freeBytes, "free_bytes", 0...(1 << 44))
    try set(&dropsPerPass, "drops_per_pass", 4...10_000)
    try set(&orphanHours, "orphan_hours", 1...8_760)
    try set(&leastAlikePercent, "least_alike_percent", 0...100)
    if let names = block.optional("ignore") {
      ignored = try names.array().map { name throws(DocumentFault) in try NamePattern(name) }
      guard ignored.count <= 100 else {
        throw names.fault("out_of_range", "at most 100 patterns of names")
      }
    }
    if let word = block.optional("complete") {
      completion = try PolicyNames.choice(word, of: Completion.self)
    }
    try block.finish()
  }
}

extension Retention {
  init(_ cursor: JSONCursor) throws(DocumentFault) {
    var block = try cursor.object()
    self.init()
    if let accepted = block.optional("accepted") {
      self.accepted = try PolicyNames.choice(accepted, of: Accepted.self)
    }
    rejectedDays = try block.count("rejected_days", in: 1...36_500)
    verdictDays = try block.count("verdict_days", in: 1...36_500)
    outboxDays = try block.count("outbox_days", in: 0...36_500)
    sentDays = try block.count("sent_days", in: 0...36_500)
    if let days = try block.count("overdue_days", in: 1...36_500) { overdueDays = days }
    try block.finish()
  }
}

extension JSONObjectCursor {
  /// A whole number that may be missing.
  mutating func count(
    _ key: String, in range: ClosedRange<Int64>
  ) throws(DocumentFault) -> Int? {
    guard let value = optional(key) else { return nil }
    return Int(try value.integer(in: range))
  }
}

/// Names in a policy.
enum PolicyNames {
  /// A list of names, none twice.
  static func names(_ cursor: JSONCursor, atLeast least: Int) throws(DocumentFault) -> [String] {
    let items = try cursor.array()
    guard (least...1000).contains(items.count) else {
      throw cursor.fault("out_of_range", "from \(least) to 1,000 names belong here")
    }
    var names: [String] = []
    for item in items {
      let name = try name(item)
      guard !names.contains(name) else { throw item.fault("duplicate", "this name stands twice") }
      names.append(name)
    }
    return names
  }

  /// The same for names of cards.
  static func cards(_ cursor: JSONCursor, atLeast least: Int) throws(DocumentFault) -> [String] {
    let names = try names(cursor, atLeast: least)
    guard names.allSatisfy(StreamName.isValid) else {
      throw cursor.fault("bad_name", "names of cards belong here")
    }
    return names
  }

  /// One of Odoo's languages.
  static func language(_ cursor: JSONCursor) throws(DocumentFault) -> String {
    let code = try cursor.string()
    guard LanguageCode.isValid(code.utf8) else {
      throw cursor.fault("bad_language", "a code of Odoo's such as fr_FR or ar_001 belongs here")
    }
    return code
  }

  static func name(_ cursor: JSONCursor) throws(DocumentFault) -> String {
    let name = try cursor.string()
    guard !name.isEmpty, name.utf8.count <= 255 else {
      throw cursor.fault("bad_name", "a name of 1 to 255 bytes belongs here")
    }
    return name
  }

  /// One of a few words.
  static func choice<Word: RawRepresentable<String> & CaseIterable>(
    _ cursor: JSONCursor, of: Word.Type
  ) throws(DocumentFault) -> Word {
    guard let word = Word(rawValue: try cursor.string()) else {
      let words = Word.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: " or ")
      throw cursor.fault("unknown_word", "this must be \(words)")
    }
    return word
  }

  /// One or more of a few words, none twice.
  static func choices<Word: RawRepresentable<String> & CaseIterable>(
    _ cursor: JSONCursor, of type: Word.Type
  ) throws(DocumentFault) -> [Word] {
    _ = try names(cursor, atLeast: 1)
    var words: [Word] = []
    for item in try cursor.array() { words.append(try choice(item, of: type)) }
    return words
  }
}
