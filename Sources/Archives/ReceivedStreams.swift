internal import JSONText
package import Keys
internal import Secrets

/// All that a receiver has received: a ratchet for each sender and stream, and the digests of sealed
/// drops and results. A sender is known by its name, so that its stream goes on when it takes a new key.
package struct ReceivedStreams: Sendable, Hashable {
  struct Key: Sendable, Hashable, Comparable {
    let sender: KeyName
    let stream: ArchiveLabel

    static func < (a: Key, b: Key) -> Bool {
      (a.sender.text, a.stream.text) < (b.sender.text, b.stream.text)
    }
  }

  private(set) var ratchets: [Key: StreamRatchet] = [:]
  /// Of the sealed drops and results opened last, the newest at the end.
  private(set) var drops: [Digest] = []

  package init() {}

  /// How far a stream is; an empty ratchet where nothing was received.
  package subscript(sender: KeyName, stream: ArchiveLabel) -> StreamRatchet {
    ratchets[Key(sender: sender, stream: stream)] ?? StreamRatchet()
  }

  /// What an archive is to its stream, and how things stand once it is opened all the same.
  package func judge(
    _ archive: VerifiedArchive
  ) -> (finding: OrderFinding?, next: ReceivedStreams) {
    var next = self
    if !archive.header.kind.isOrdered {
      if drops.contains(archive.digest) { return (.replayed, self) }
      next.drops = (drops + [archive.digest]).suffix(StreamRatchet.most)
      return (nil, next)
    }
    let (finding, ratchet) = ratchet(of: archive).judge(archive.arrival)
    next.ratchets[Key(archive)] = ratchet
    return (finding, ratchet.last == nil ? self : next)
  }

  /// How things stand once the archive's stream is begun anew with it.
  package func restarted(at archive: VerifiedArchive) -> ReceivedStreams {
    guard archive.header.kind.isOrdered else { return judge(archive).next }
    var next = self
    next.ratchets[Key(archive)] = StreamRatchet(startingAt: archive.arrival)
    return next
  }

  /// Whether this very archive was received.
  package func has(_ archive: VerifiedArchive) -> Bool {
    archive.header.kind.isOrdered
      ? ratchet(of: archive).has(archive.arrival.position) : drops.contains(archive.digest)
  }

  func ratchet(of archive: VerifiedArchive) -> StreamRatchet {
    ratchets[Key(archive)] ?? StreamRatchet()
  }
}

extension ReceivedStreams.Key {
  fileprivate init(_ archive: VerifiedArchive) {
    self.init(sender: archive.sender.name, stream: archive.header.draft.stream)
  }
}

// What stands in `received.json`. Its digest tells a damaged one; there is no secret in it.
extension ReceivedStreams {
  var text: String {
    let body = self.body
    return JSON.object(body + [.init("check", .string(ReceivedStreams.check(body).hex))]).pretty()
  }

  private var body: [JSON.Member] {
    [
      .init("airlock", "received"), .init("version", 1),
      .init("drops", .array(drops.map { .string($0.hex) })),
      .init(
        "streams",
        .array(
          ratchets.sorted { $0.key < $1.key }.map { key, ratchet in
            [
              "sender": .string(key.sender.text), "stream": .string(key.stream.text),
              "recent": .array(ratchet.recent.map(\.json)),
              "holes": .array(ratchet.holes.map(\.json)),
            ]
          })),
    ]
  }

  private static func check(_ body: [JSON.Member]) -> Digest {
    Digest(of: JSON.object(body).canonical())
  }

  /// Every word of it must be as it was written.
  /// - Throws: `replay` (`received_damaged`).
  init(parsing text: [UInt8]) throws(ArchiveFault) {
    do {
      let document = try JSONDocument(
        parsing: text, limits: JSONLimits(bytes: Int(ReceivedFile.limit), depth: 8))
      try self.init(JSONCursor(document))
    } catch {
      throw ArchiveFault(
        .replay, "received_damaged", "received.json, which says what was received, is damaged",
        hint: "restore it from its backup; without one, move it away, telephone the senders about "
          + "the last numbers, and open the next archive of each with --order restart")
    }
  }

  private init(_ cursor: JSONCursor) throws {
    var members = try cursor.object()
    let (kind, version) = (try members.required("airlock"), try members.required("version"))
    guard try kind.string() == "received", try version.integer(in: 1...1) == 1 else {
      throw kind.fault("wrong_kind", "this is not \"airlock\": \"received\"")
    }
    drops = try members.required("drops").array().map { try ReceivedStreams.digest($0) }
    for stream in try members.required("streams").array() {
      let (key, ratchet) = try ReceivedStreams.stream(stream)
      ratchets[key] = ratchet
    }
    let check = try members.required("check")
    try members.finish()
    guard try check.string() == ReceivedStreams.check(body).hex else {
      throw check.fault("check_differs", "this is not the digest of the rest")
    }
  }

  private static func stream(_ cursor: JSONCursor) throws -> (Key, StreamRatchet) {
    var members = try cursor.object()
    let sender = try KeyName(members.required("sender").string())
    let recent = try members.required("recent").array().map(position)
    let holes = try members.required("holes").array().map(hole)
    guard let stream = ArchiveLabel(try members.required("stream").string()),
      let ratchet = StreamRatchet(recent: recent, holes: holes)
    else { throw cursor.fault("malformed", "the parts do not fit together") }
    try members.finish()
    return (Key(sender: sender, stream: stream), ratchet)
  }

  private static func position(_ cursor: JSONCursor) throws -> StreamPosition {
    var members = try cursor.object()
    let number = try members.required("sequence").integer(in: ArchiveDraft.sequences)
    let digest = try digest(members.required("digest"))
    try members.finish()
    return StreamPosition(sequence: number, digest: digest)
  }

  private static func hole(_ cursor: JSONCursor) throws -> StreamRatchet.Hole {
    var members = try cursor.object()
    let from = try members.required("from").integer(in: ArchiveDraft.sequences)
    let to = try members.required("to").integer(in: from...ArchiveDraft.sequences.upperBound)
    let after = try members.required("after")
    let known: Digest? = if case .null = after.node.value { nil } else { try digest(after) }
    let before = try digest(members.required("before"))
    try members.finish()
    return StreamRatchet.Hole(numbers: from...to, after: known, before: before)
  }

  private static func digest(_ cursor: JSONCursor) throws -> Digest {
    guard let digest = Digest(hex: try cursor.string()) else {
      throw cursor.fault("malformed", "this is not a digest")
    }
    return digest
  }
}

extension StreamPosition {
  fileprivate var json: JSON { ["sequence": .int(sequence), "digest": .string(digest.hex)] }
}

extension StreamRatchet.Hole {
  fileprivate var json: JSON {
    [
      "from": .int(numbers.lowerBound), "to": .int(numbers.upperBound),
      "after": after.map { .string($0.hex) } ?? .null, "before": .string(before.hex),
    ]
  }
}
