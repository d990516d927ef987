internal import Files
internal import Secrets

/// What may be in a payload of each kind, and how it must agree with the header.
struct ArchiveContent {
  static let manifestLimit = 1 << 20

  let header: ArchiveHeader
  private let shape: Shape
  /// Files that must still come.
  private var missing: Set<String>
  /// Of the numbered files, those that came.
  private var numbers: Set<Int64> = []
  /// Of a sealed drop: the name of its file, and the one that `manifest.json` says.
  private(set) var drop: String?
  var promisedDrop: String?
  /// The digest of that file's bytes, and the salt that the header's digest of them has.
  private var dropped: Digest?
  var salt: DigestSalt?
  /// Of results: the archive that they answer.
  var answers: ArchiveReference?

  init(_ header: ArchiveHeader) {
    self.header = header
    shape = Shape(header.kind)
    missing = Set(shape.required)
  }

  /// The most files that a sound payload can have.
  var mostFiles: Int {
    Int(header.draft.batches) + shape.required.count + shape.optional.count
      + (header.kind.isDrop ? 1 : 0)
  }

  /// Where a file goes.
  enum Place: Equatable {
    case manifest
    case root(String)
    case folder(String, String)
  }

  /// - Throws: `payload` for a name that has no business there.
  mutating func admit(_ name: String) throws(ArchiveFault) -> Place {
    if missing.remove(name) != nil { return name == Shape.manifest ? .manifest : .root(name) }
    if shape.optional.contains(name) { return .root(name) }
    let parts = name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, parts[0] == shape.folder, admits(parts[1]) else {
      throw ArchiveContent.differs("the payload holds a file that is not allowed there")
    }
    return .folder(parts[0], parts[1])
  }

  /// Whether a file of this name may be in the folder, once.
  private mutating func admits(_ file: String) -> Bool {
    if header.kind.isDrop {
      guard drop == nil, let name = try? DropName(file) else { return false }
      drop = name.text
      return true
    }
    guard let number = shape.number(of: file), number <= header.draft.batches else { return false }
    return numbers.insert(number).inserted
  }

  /// After the last file: nothing may be missing.
  /// - Throws: `payload`.
  func finish() throws(ArchiveFault) {
    if let name = missing.min() { throw ArchiveContent.differs("the payload has no \(name)") }
    guard !header.kind.isDrop || drop != nil && drop == promisedDrop else {
      throw ArchiveContent.differs("the payload has not the one file that manifest.json names")
    }
    try checkDrop()
    guard numbers.count == header.draft.batches else {
      throw ArchiveContent.differs(
        "the payload has \(numbers.count) batches, its header says \(header.draft.batches)")
    }
  }

  /// Takes the bytes of a sealed drop's file, to hold them against the header at the end.
  mutating func take(drop digest: Digest) { dropped = digest }

  private func checkDrop() throws(ArchiveFault) {
    guard header.kind.isDrop else { return }
    let (digests, isSnapshot) = (header.draft.digests, header.kind == .snapshot)
    guard let dropped, let salt,
      SaltedDigest(dropped, isSnapshot ? .snapshot : .manifest, salt: salt)
        == (isSnapshot ? digests.snapshot : digests.manifest)
    else { throw ArchiveContent.differs("the file inside is not the one that the header says") }
  }

  static func differs(_ fact: String) -> ArchiveFault {
    ArchiveFault(.payload, "content_differs", fact)
  }
}

/// The files of a kind of archive.
private struct Shape {
  static let manifest = "manifest.json"

  var required = [Shape.manifest]
  var optional: [String] = []
  /// Numbered files lie here, or the one file of a sealed drop.
  var folder: String?
  var endings: [String] = []

  init(_ kind: ArchiveKind) {
    switch kind {
    case .mtsRequest: (optional, folder, endings) = (["rejects.ndjson"], "requests", [".json"])
    case .mtsResults: (folder, endings) = ("results", [".json", ".csv"])
    case .registryPatch:
      required += ["operations.ndjson", "reg_ids.csv"]
      optional = ["reg_ids.external.csv"]
    case .snapshot, .job: folder = "drop"
    }
  }

  /// `000042.json`
  func number(of file: String) -> Int64? {
    guard let ending = endings.first(where: { file.hasSuffix($0) }) else { return nil }
    let digits = file.dropLast(ending.count)
    guard digits.utf8.count == 6, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      let number = Int64(digits), number > 0
    else { return nil }
    return number
  }
}
