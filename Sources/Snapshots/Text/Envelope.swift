internal import JSONText

/// What stands around the lists of records of a file: the brackets of one array, or the members of
/// answers, one or several. It takes the text between the lists as it comes, says where the next list
/// begins, and when an answer has ended, whether that was whole.
struct Envelope {
  /// What stands around the lists of one answer, and of all together.
  private static let most = 256 << 10
  private static let paths: Set<[String]> = [
    ["result"], ["records"], ["value"], ["result", "records"],
  ]

  /// The text of the document in hand, each list as `[]`.
  private var text: [UInt8] = []
  private var steps = JSONSteps()
  /// The names on the way to where the text has come to; nil for what has none.
  private var path: [String?] = []
  private var key: String?
  /// The records of the lists of the document in hand.
  private var counts: [Int] = []
  /// How much stood around lists so far.
  private var total = 0
  /// Whether the file itself is the list.
  private let isBare: Bool
  private var hasEnded = false
  /// How much of the text at hand belonged to documents that have ended.
  private var removed = 0
  let file: String

  init(isBare: Bool, file: String) { (self.isBare, self.file) = (isBare, file) }

  /// Takes what stands before or after a list.
  /// - Returns: how many bytes there are up to the next list and its `[`; nil if none has begun.
  /// - Throws: `notJSON`, and what is wrong with an answer that has ended.
  mutating func take(_ bytes: UnsafeBufferPointer<UInt8>) throws(SnapshotFault) -> Int? {
    var taken = 0
    while taken < bytes.count {
      let piece = bytes[taken..<min(bytes.count, taken + 4_096)]
      let before = text.count
      removed = 0
      text += piece
      if try advance() {
        let used = steps.next + removed - before
        text.removeLast(text.count - steps.next)
        total += used
        return taken + used
      }
      taken += piece.count
      if path.isEmpty, text.allSatisfy(Blank.matches) {
        (text, steps) = ([], JSONSteps())
      } else {
        total += piece.count
      }
      guard total <= Self.most else {
        throw fault(.notJSON, "more stands around the list of records than belongs there")
      }
    }
    return nil
  }

  /// Notes that the list in hand has ended.
  mutating func close(after count: Int) throws(SnapshotFault) {
    counts.append(count)
    text.append(UInt8(ascii: "]"))
    _ = try advance()
  }

  /// - Throws: `cutShort` if something is open yet.
  func end() throws(SnapshotFault) {
    guard path.isEmpty, text.allSatisfy(Blank.matches) else {
      throw fault(.cutShort, "what stands around the list of records is not JSON to its end")
    }
  }

  /// Goes on as far as the text does; true where a list of records begins.
  private mutating func advance() throws(SnapshotFault) -> Bool {
    while true {
      if hasEnded, isBare, !text.allSatisfy(Blank.matches) {
        throw fault(.notJSON, "more after the list")
      }
      let step = text.withUnsafeBufferPointer { steps.step($0) }
      switch step {
      case nil: return false
      case .key(let name): key = name
      case .value: key = nil
      case .open(let isObject):
        path.append(key)
        key = nil
        if !isObject, isList { return true }
      case .close:
        path.removeLast()
        key = nil
        if path.isEmpty { try endDocument() }
      }
    }
  }

  /// Whether the bracket that was opened last is that of a list of records.
  private var isList: Bool {
    if isBare { return path.count == 1 }
    return path.count <= 4 && Self.paths.contains(path.compactMap(\.self))
  }

  private mutating func endDocument() throws(SnapshotFault) {
    let document = Array(text[..<steps.next])
    text.removeFirst(document.count)
    removed += document.count
    steps = JSONSteps()
    hasEnded = true
    let frame: JSON
    do {
      frame = try JSONDocument(parsing: document).root.json
    } catch {
      throw fault(.notJSON, "what stands around the list of records is not JSON")
    }
    if !isBare { try AnswerFrame(file).require(frame, counts) }
    counts = []
  }

  private func fault(_ kind: SnapshotFault.Kind, _ fact: String) -> SnapshotFault {
    SnapshotFault(kind, fact, at: SnapshotPlace(file))
  }
}

/// What an answer says beside its records: whether there are more of them, or that it failed.
struct AnswerFrame {
  private let file: String

  init(_ file: String) { self.file = file }

  /// - Parameters:
  ///   - frame: the answer, or a list of answers, with empty lists for those of records.
  ///   - counts: the records of each list.
  func require(_ frame: JSON, _ counts: [Int]) throws(SnapshotFault) {
    let answers = frame.elements ?? [frame]
    for answer in answers { try requireGood(answer) }
    for (answer, count) in zip(answers, counts) where answers.count == counts.count {
      try requireWhole(answer, count)
    }
  }

  private func requireGood(_ answer: JSON) throws(SnapshotFault) {
    if let error = answer["error"], error != .null {
      throw SnapshotFault(
        .errorAnswer,
        "this is an error answer of Odoo, not an export"
          + JSONRefusal.words(
            name: error["data"]?["name"]?.text, code: error["code"]?.integer.map { String($0) }),
        at: SnapshotPlace(file))
    }
    if let context = answer["@odata.context"]?.text,
      let refusal = JSONForm.OData(context: context)?.refusal(file)
    {
      throw refusal
    }
    guard answer["result"] != nil || answer["records"] != nil || answer["value"] != nil else {
      throw SnapshotFault(.notJSON, "an answer without records", at: SnapshotPlace(file))
    }
  }

  private func requireWhole(_ answer: JSON, _ count: Int) throws(SnapshotFault) {
    if let next = answer["@odata.nextLink"], next != .null {
      throw SnapshotFault(
        .partial, "this is one page of an export, and others follow", at: SnapshotPlace(file))
    }
    if let said = answer["@odata.count"], said != .null, said.integer != Int64(count) {
      throw SnapshotFault(
        .partial, "there are \(count) submissions in it, and not as many as its @odata.count says",
        at: SnapshotPlace(file))
    }
    let length = answer["length"] ?? answer["result"]?["length"]
    if let length = length?.integer, length > Int64(count) {
      throw SnapshotFault(
        .onePage, "there are \(count) records in it, and \(length) in all as its length says",
        at: SnapshotPlace(file))
    }
  }
}
