internal import JSONText

/// What may be in a payload of each kind, and how it must agree with the header.
struct ArchiveContent {
  static let manifestLimit = 1 << 20

  private let header: ArchiveHeader
  private var requests: Set<Int64> = []
  private var hasManifest = false

  /// - Throws: `type` for a kind whose content this version does not know.
  init(_ header: ArchiveHeader) throws(ArchiveFault) {
    guard header.kind == .mtsRequest else {
      throw ArchiveFault(
        .type, "kind_unsupported", "this version cannot open a \(header.kind.rawValue)")
    }
    self.header = header
  }

  /// Where a file goes.
  enum Place: Equatable {
    case manifest
    case root(String)
    case requests(String)
  }

  /// - Throws: `payload` for a name that has no business there.
  mutating func admit(_ name: String) throws(ArchiveFault) -> Place {
    switch name {
    case "manifest.json":
      hasManifest = true
      return .manifest
    case "rejects.ndjson": return .root(name)
    default:
      guard let (number, file) = ArchiveContent.request(name),
        number <= header.draft.batches
      else { throw ArchiveContent.differs("the payload holds a file that is not allowed there") }
      requests.insert(number)
      return .requests(file)
    }
  }

  /// After the last file: nothing may be missing.
  /// - Throws: `payload`.
  func finish() throws(ArchiveFault) {
    guard hasManifest else { throw ArchiveContent.differs("the payload has no manifest.json") }
    guard requests.count == header.draft.batches else {
      throw ArchiveContent.differs(
        "the payload has \(requests.count) request files, its header says \(header.draft.batches)")
    }
  }

  /// `manifest.json` must say `"airlock": KIND`; what else of the header it repeats must agree.
  /// - Throws: `type`, `payload`.
  func check(manifest text: [UInt8]) throws(ArchiveFault) {
    guard
      let json = try? JSONDocument(
        parsing: text, limits: JSONLimits(bytes: ArchiveContent.manifestLimit)
      ).root.json, case .object = json
    else { throw ArchiveContent.differs("manifest.json is not a JSON object") }
    guard json["airlock"]?.text == header.kind.rawValue else {
      throw ArchiveFault(
        .type, "content_differs", "manifest.json is not that of a \(header.kind.rawValue)")
    }
    let draft = header.draft
    let repeated: [(String, JSON)] = [
      ("stream", .string(draft.stream.text)), ("sequence", .int(draft.sequence)),
      ("job", .string(draft.job.text)), ("records", .int(draft.records)),
      ("batches", .int(draft.batches)),
    ]
    for (key, value) in repeated {
      guard let said = json[key], said != value else { continue }
      throw ArchiveContent.differs("manifest.json and the header differ in \"\(key)\"")
    }
  }

  /// `requests/000042.json`
  private static func request(_ name: String) -> (Int64, String)? {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0] == "requests", parts[1].hasSuffix(".json") else { return nil }
    let digits = parts[1].dropLast(5)
    guard digits.utf8.count == 6, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      let number = Int64(digits), number > 0
    else { return nil }
    return (number, String(parts[1]))
  }

  private static func differs(_ fact: String) -> ArchiveFault {
    ArchiveFault(.payload, "content_differs", fact)
  }
}
