package import JSONText
package import Secrets

/// What a snapshot says of itself: the first entry `snapshot.json` of a tar or zip, or the first line
/// of an NDJSON file, with `"airlock"` as its first key. A snapshot may come without.
package struct SnapshotHead: Sendable, Hashable {
  package enum Kind: String, Sendable, Hashable, CaseIterable {
    /// The whole registry.
    case full
    /// What has changed since another snapshot.
    case delta
  }

  package let kind: Kind
  package let name: String?
  package let taken: UTCTime?
  /// The snapshot that a delta changes.
  package let follows: Digest?
  /// The records that a delta removes, as far as the head names them.
  package let deleted: [Deletion]
  /// How many records of each model the drop holds, as far as the head says so.
  package let counts: [String: Int]
  /// The languages of the registry, by Odoo's codes; empty if the head does not say.
  package let languages: [String]
}

/// Records of one model that a delta removes.
package struct Deletion: Sendable, Hashable {
  package let model: String
  package let ids: [Int64]
}

extension SnapshotHead {
  /// Whether this is a delta of a snapshot.
  /// - Parameters:
  ///   - digest: of the snapshot.
  ///   - shown: what a site shows for that.
  package func follows(_ digest: Digest, shown: SaltedDigest?) -> Bool {
    follows != nil && (follows == digest || follows?.hex == shown?.hex)
  }

  /// The name of the entry of a tar or zip.
  static let entryName = "snapshot.json"

  /// - Throws: `badHead`.
  init(_ text: [UInt8], file: String, limits: SnapshotLimits) throws(SnapshotFault) {
    do {
      let bounds = JSONLimits(bytes: limits.descriptionBytes, depth: 8)
      self = try Self.read(JSONCursor(JSONDocument(parsing: text, limits: bounds)))
    } catch {
      throw SnapshotFault(head: error, file: file)
    }
  }

  private static func read(_ cursor: JSONCursor) throws -> SnapshotHead {
    var head = try cursor.object()
    guard try head.required("airlock").string() == "snapshot" else {
      throw cursor.fault("bad_head", "this document is not of the kind \"snapshot\"")
    }
    let version = try head.required("version")
    guard try version.integer(in: 0...Int64.max) == 1 else {
      throw version.fault("bad_head", "this program reads version 1 of \"snapshot\" documents")
    }
    let kind = try head.optional("kind").map(Self.kind) ?? .full
    let follows = try head.optional("follows").flatMap(Self.digest)
    try requireWhole(head.optional("part"), head.optional("of"))
    let deleted = try head.optional("deleted")?.array().map { try Deletion($0) } ?? []
    guard (kind == .delta) == (follows != nil), kind == .delta || deleted.isEmpty else {
      throw cursor.fault(
        "bad_head", "a delta, and nothing else, names what it \"follows\" and what is \"deleted\"")
    }
    let parsed = SnapshotHead(
      kind: kind, name: try head.optional("name").flatMap(Self.name),
      taken: try head.optional("taken").flatMap(Self.time), follows: follows, deleted: deleted,
      counts: try head.optional("counts").map(HeadCounts.read) ?? [:],
      languages: try head.optional("languages").map(HeadCounts.languages) ?? [])
    try head.finish()
    return parsed
  }

  /// A part is no snapshot, and does not wait for the others: they are packed into one.
  private static func requireWhole(_ part: JSONCursor?, _ of: JSONCursor?) throws {
    guard let cursor = part ?? of else { return }
    guard let part, let of, let number = try? part.integer(in: 1...1_000_000),
      let all = try? of.integer(in: number...1_000_000)
    else { throw cursor.fault("bad_head", "a part of several is written \"part\": 2, \"of\": 5") }
    guard all > 1 else { return }
    throw SnapshotFault(
      .onePart, "this is part \(number) of \(all), and a snapshot is dropped whole")
  }

  private static func kind(_ cursor: JSONCursor) throws(DocumentFault) -> Kind {
    guard let kind = Kind(rawValue: try cursor.string()) else {
      throw cursor.fault("bad_head", "a snapshot is \"full\" or a \"delta\"")
    }
    return kind
  }

  private static func digest(_ cursor: JSONCursor) throws(DocumentFault) -> Digest? {
    if case .null = cursor.node.value { return nil }
    guard let digest = Digest(hex: try cursor.string()) else {
      throw cursor.fault("bad_head", "a digest is 64 digits and letters from a to f")
    }
    return digest
  }

  private static func time(_ cursor: JSONCursor) throws(DocumentFault) -> UTCTime? {
    if case .null = cursor.node.value { return nil }
    guard let time = UTCTime(text: try cursor.string()) else {
      throw cursor.fault("bad_head", "a time is written 2026-11-22T10:00:00Z")
    }
    return time
  }

  /// Names are shown to people: nothing but what is harmless on a terminal.
  private static func name(_ cursor: JSONCursor) throws(DocumentFault) -> String? {
    if case .null = cursor.node.value { return nil }
    let name = try cursor.string()
    let isPlain = name.unicodeScalars.allSatisfy { scalar in
      scalar.properties.isAlphabetic || (0x20..<0x7F).contains(scalar.value)
    }
    guard isPlain, (1...100).contains(name.utf8.count) else {
      throw cursor.fault("bad_head", "a snapshot's name is 1 to 100 bytes, letters and ASCII")
    }
    return name
  }
}

extension Deletion {
  /// `{"model": "g2p.reg.id", "ids": [1, 2]}`.
  init(_ cursor: JSONCursor) throws(DocumentFault) {
    var entry = try cursor.object()
    let model = try entry.required("model")
    self.model = try model.string()
    guard FieldName.isGoodModel(self.model) else {
      throw model.fault("bad_head", "this is no name of a model")
    }
    ids = try entry.required("ids").array().map { id throws(DocumentFault) in
      try id.integer(in: 1...Int64.max)
    }
    try entry.finish()
  }

  /// One a line.
  /// - Throws: `badHead`.
  static func read(
    lines text: [UInt8], file: String, limits: SnapshotLimits
  ) throws(SnapshotFault) -> [Deletion] {
    var deletions: [Deletion] = []
    var number = 0
    for line in text.split(separator: 0x0A, omittingEmptySubsequences: false) {
      number += 1
      guard !line.allSatisfy(Blank.matches) else { continue }
      do {
        let bounds = JSONLimits(bytes: limits.descriptionBytes, depth: 8)
        deletions.append(
          try Deletion(JSONCursor(JSONDocument(parsing: Array(line), limits: bounds))))
      } catch {
        throw SnapshotFault(head: error, file: file, line: number)
      }
    }
    return deletions
  }
}

extension SnapshotFault {
  /// A fault of a head, or of a list of what is deleted.
  fileprivate init(head error: any Error, file: String, line: Int? = nil) {
    switch error {
    case let fault as SnapshotFault:
      self.init(fault.kind, fault.fact, at: SnapshotPlace(file, line: line))
    case let fault as DocumentFault:
      self.init(
        .badHead, fault.fact,
        at: SnapshotPlace(
          file, line: line ?? fault.position.line, column: fault.position.column,
          pointer: fault.pointer))
    case let fault as JSONFault:
      self.init(
        .badHead, fault.fact,
        at: SnapshotPlace(file, line: line ?? fault.position?.line, column: fault.position?.column))
    default: self.init(.badHead, "this is no head of a snapshot", at: SnapshotPlace(file))
    }
  }
}
