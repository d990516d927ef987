internal import Files
internal import JSONText
internal import Secrets

/// What may be in a payload of each kind, and how it must agree with the header.
struct ArchiveContent {
  static let manifestLimit = 1 << 20

  private let header: ArchiveHeader
  private var requests: Set<Int64> = []
  /// Of a sealed drop: the name of its file, and the one that `manifest.json` says.
  private(set) var drop: String?
  private var promisedDrop: String?
  private var hasManifest = false

  /// - Throws: `type` for a kind whose content this version does not know.
  init(_ header: ArchiveHeader) throws(ArchiveFault) {
    guard header.kind == .mtsRequest || header.kind.isDrop else {
      throw ArchiveFault(
        .type, "kind_unsupported", "this version cannot open a \(header.kind.rawValue)")
    }
    self.header = header
  }

  /// Where a file goes.
  enum Place: Equatable {
    case manifest
    case root(String)
    case folder(String, String)
  }

  /// - Throws: `payload` for a name that has no business there.
  mutating func admit(_ name: String) throws(ArchiveFault) -> Place {
    switch name {
    case "manifest.json":
      hasManifest = true
      return .manifest
    case _ where header.kind.isDrop:
      guard drop == nil, let file = ArchiveContent.drop(name) else {
        throw ArchiveContent.differs("the payload holds a file that is not allowed there")
      }
      drop = file
      return .folder("drop", file)
    case "rejects.ndjson": return .root(name)
    default:
      guard let (number, file) = ArchiveContent.request(name),
        number <= header.draft.batches
      else { throw ArchiveContent.differs("the payload holds a file that is not allowed there") }
      requests.insert(number)
      return .folder("requests", file)
    }
  }

  /// After the last file: nothing may be missing.
  /// - Throws: `payload`.
  func finish() throws(ArchiveFault) {
    guard hasManifest else { throw ArchiveContent.differs("the payload has no manifest.json") }
    guard !header.kind.isDrop || drop != nil && drop == promisedDrop else {
      throw ArchiveContent.differs("the payload has not the one file that manifest.json names")
    }
    guard requests.count == header.draft.batches else {
      throw ArchiveContent.differs(
        "the payload has \(requests.count) request files, its header says \(header.draft.batches)")
    }
  }

  /// `manifest.json` must say `"airlock": KIND`; what else of the header it repeats must agree.
  /// - Throws: `type`, `payload`.
  mutating func check(manifest text: [UInt8]) throws(ArchiveFault) {
    guard
      let json = try? JSONDocument(
        parsing: text, limits: JSONLimits(bytes: ArchiveContent.manifestLimit)
      ).root.json, case .object = json
    else { throw ArchiveContent.differs("manifest.json is not a JSON object") }
    guard json["airlock"]?.text == header.kind.rawValue else {
      throw ArchiveFault(
        .type, "content_differs", "manifest.json is not that of a \(header.kind.rawValue)")
    }
    promisedDrop = json["file"]?.text
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

  /// Checks the bytes of a sealed drop's file against the header.
  /// - Throws: `payload`.
  func check(drop digest: Digest) throws(ArchiveFault) {
    let digests = header.draft.digests
    guard digest == (header.kind == .snapshot ? digests.snapshot : digests.manifest) else {
      throw ArchiveContent.differs("the file inside is not the one that the header says")
    }
  }

  /// `drop/NAME`, where NAME is one that a drop may bear.
  private static func drop(_ name: String) -> String? {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0] == "drop", let name = try? DropName(parts[1]) else {
      return nil
    }
    return name.text
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
