internal import Faults
internal import Files
internal import JSONText
internal import Keys
internal import Ledger
internal import Secrets

/// Holds a stream's index against the ledger, from which every word of it follows.
struct IndexAudit {
  private let stream: String
  private let story: LedgerStory
  private(set) var findings: [Finding] = []
  private var subject: String { "\(stream)/INDEX.json" }

  /// - Parameter recorded: the stream's archives that are visible or retired, by their numbers.
  init(
    _ stream: String, in folder: Folder?, _ recorded: [LedgerStory.Archive], _ story: LedgerStory,
    _ keys: KeyAudit
  ) {
    self.stream = stream
    self.story = story
    guard let folder, let document = document(in: folder, keys.cards) else {
      if folder == nil, !recorded.isEmpty { note("index_missing", "the stream has no index") }
      return
    }
    checkSigner(document, keys, made: recorded.last?.said.created ?? keys.time)
    compare(document.json, recorded)
  }

  private mutating func document(in folder: Folder, _ cards: [Card]) -> SignedDocument? {
    do {
      return try UnverifiedDocument("INDEX.json", in: folder, kind: .index)
        .verified(byOneOf: cards)
    } catch let fault as any Fault {
      let isMissing = (fault as? FileFault)?.kind == .notFound
      note(
        isMissing ? "index_missing" : fault.code,
        isMissing ? "the stream has no index" : fault.message)
    } catch {
      note("index_format", "\(error)")
    }
    return nil
  }

  /// An index tells no time: it was signed between what it ends with and now.
  private mutating func checkSigner(_ document: SignedDocument, _ keys: KeyAudit, made: UTCTime) {
    if let site = story.site, site.name != document.sender.text {
      note("other_sender", "\(document.sender) signed the index of \(site.name)")
    }
    guard let id = document.json["sender"]?["key_id"]?.text.flatMap(SigningKeyID.init(hex:)),
      let finding = keys.finding(
        id, document.sender, for: .archives, made: made, story, subject: subject),
      keys.finding(
        id, document.sender, for: .archives, made: keys.time, story, subject: subject) != nil
    else { return }
    findings.append(finding)
  }

  private mutating func compare(_ json: JSON, _ recorded: [LedgerStory.Archive]) {
    if json["stream"]?.text != stream { note("index_stream", "it is the index of another stream") }
    let head: JSON =
      recorded.last.map { last in
        ["sequence": .int(last.said.sequence), "digest": .string(last.said.digest.hex)]
      } ?? .null
    if json["head"]?.canonical() != head.canonical() {
      note("index_head", "it does not end with archive \(recorded.last?.said.sequence ?? 0)")
    }
    compare(archives: json["archives"]?.elements ?? [], recorded)
    let retired = ranges(recorded.filter { story.retired[$0.key] != nil }.map(\.said.sequence))
    if json["retired"]?.canonical() != JSON.array(retired).canonical() {
      note("index_retired", "it lists other archives as retired than the ledger does")
    }
  }

  private mutating func compare(archives: [JSON], _ recorded: [LedgerStory.Archive]) {
    let wanted = recorded.filter { story.retired[$0.key] == nil }
    let said = Dictionary(archives.map { ($0["sequence"]?.integer ?? 0, $0) }) { first, _ in first }
    let differing = wanted.filter { archive in
      said[archive.said.sequence]?.canonical() != JSON.object(archive.said.indexed).canonical()
    }.map(\.key)
    if !differing.isEmpty {
      note("index_differs", "\(differing.count) archives are missing in it or differ", differing)
    }
    let surplus = Set(said.keys).subtracting(wanted.map(\.said.sequence))
    if !surplus.isEmpty || archives.count != said.count {
      let count = max(surplus.count, archives.count - said.count)
      note("index_surplus", "it lists \(count) that the ledger does not")
    }
  }

  /// Ascending numbers as ranges without gaps.
  private func ranges(_ numbers: [Int64]) -> [JSON] {
    var ranges: [(Int64, Int64)] = []
    for number in numbers {
      if let last = ranges.last, last.1 + 1 == number {
        ranges[ranges.count - 1].1 = number
      } else {
        ranges.append((number, number))
      }
    }
    return ranges.map { [.int($0.0), .int($0.1)] }
  }

  private mutating func note(_ code: String, _ message: String, _ keys: [ArchiveKey] = []) {
    findings.append(Finding(.index, code, subject, message, keys))
  }
}
