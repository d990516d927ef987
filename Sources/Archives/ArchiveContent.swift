internal import Files
internal import Secrets

/// What may be in a payload of each kind, in which order, and how it must agree with the header.
struct ArchiveContent {
  let header: ArchiveHeader
  /// What is still to come.
  private var slots: [Slot]
  /// How many of the numbered files came.
  private var numbered: Int64 = 0
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
    slots = Slot.all(of: header.kind)
  }

  /// Where a file goes.
  enum Place: Equatable {
    case manifest
    case root(String)
    case folder(String, String)
  }

  /// Takes the name of the next file.
  /// - Throws: `payload` for one that has no business there, or not yet, or not again.
  mutating func admit(_ name: String) throws(ArchiveFault) -> Place {
    while let slot = slots.first {
      if case .numbered(let folder, let endings) = slot, numbered < header.draft.batches {
        numbered += 1
        let file = ArchiveContent.number(numbered)
        guard let ending = endings.first(where: { name == "\(folder)/\(file)\($0)" }) else { break }
        return .folder(folder, file + ending)
      }
      slots.removeFirst()
      switch slot {
      case .numbered: continue
      case .optional(let file):
        if name == file { return .root(file) }
      case .manifest:
        if name == "manifest.json" { return .manifest }
        throw ArchiveContent.misplaced
      case .file(let file):
        if name == file { return .root(file) }
        throw ArchiveContent.misplaced
      case .drop: return try admitDrop(name)
      }
    }
    throw ArchiveContent.misplaced
  }

  private mutating func admitDrop(_ name: String) throws(ArchiveFault) -> Place {
    guard name.hasPrefix("drop/"), let file = try? DropName(name.dropFirst(5)).text,
      file == promisedDrop
    else { throw ArchiveContent.differs("the file inside is not the one that manifest.json names") }
    drop = file
    return .folder("drop", file)
  }

  /// After the last file: nothing may be missing.
  /// - Throws: `payload`.
  func finish() throws(ArchiveFault) {
    guard numbered == header.draft.batches else {
      throw ArchiveContent.differs(
        "the payload has \(numbered) numbered files, its header says \(header.draft.batches)")
    }
    guard slots.allSatisfy(\.mayBeMissing) else {
      throw ArchiveContent.differs("the payload ends before its last file")
    }
    try checkDrop()
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

  private static let misplaced = differs("the payload holds a file that is not allowed there")

  /// `000042`
  private static func number(_ number: Int64) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, 6 - digits.count)) + digits
  }
}

/// A file of a payload, or the numbered ones together.
private enum Slot {
  case manifest
  case file(String)
  case optional(String)
  case numbered(folder: String, endings: [String])
  case drop

  /// In the order in which they come.
  static func all(of kind: ArchiveKind) -> [Slot] {
    switch kind {
    case .mtsRequest:
      [.numbered(folder: "requests", endings: [".json"]), .optional("rejects.ndjson"), .manifest]
    case .mtsResults: [.manifest, .numbered(folder: "results", endings: [".json", ".csv"])]
    case .registryPatch:
      [
        .manifest, .file("operations.ndjson"), .file("reg_ids.csv"),
        .optional("reg_ids.external.csv"),
      ]
    case .snapshot, .job: [.manifest, .drop]
    }
  }

  /// Whether the end may come where it is the next: numbered files are counted.
  var mayBeMissing: Bool {
    switch self {
    case .optional, .numbered: true
    case .manifest, .file, .drop: false
    }
  }
}
