package import JSONText
package import Secrets

/// The ledger: all that happened, in order, each entry holding the hash of the one before. Who holds
/// the last hash holds the whole story: no entry can be changed, taken out, put in or moved without
/// changing it.
///
/// The journal keeps the entries, committed with what they record; the outbox has a copy of them and
/// a signed `Checkpoint`, for those who may see no more. Must never hold personal data, the names of
/// drops among them, and never repair what it finds broken.

/// One entry, sound in itself: canonical, of a known kind with that kind's members, and its hash
/// that of its content. Whether it continues the one before is `LedgerChain`'s question.
package struct LedgerEntry: Sendable, Hashable {
  package let at: UTCTime
  /// From 1, without gaps.
  package let number: Int64
  package let kind: LedgerKind
  /// The hash of the entry before; nil for the first.
  package let previous: Digest?
  /// An object with exactly the members of the kind.
  package let what: JSON
  package let hash: Digest

  /// The longest line, in bytes, without its newline.
  package static let maxLine = 1 << 20
  private static let domain = Array("airlock ledger v1\n".utf8)

  /// The next entry.
  /// - Parameters:
  ///   - head: the last entry so far; nil when this is the first.
  ///   - what: an object with exactly `kind.members`; no numbers with a fraction.
  /// - Throws: `ledger_format`, `ledger_line_too_long`.
  package init(_ kind: LedgerKind, _ what: JSON, after head: LedgerHead?, at: UTCTime)
    throws(LedgerFault)
  {
    guard kind.accepts(what), what.hasCanonicalForm else {
      throw LedgerFault(.format, "a \(kind.rawValue) entry has other members")
    }
    (self.at, self.kind, self.what) = (at, kind, what)
    (number, previous) = ((head?.entries ?? 0) + 1, head?.hash)
    hash = LedgerEntry.hash(of: LedgerEntry.members(at, number, kind, previous, what))
    guard line.count <= LedgerEntry.maxLine else {
      throw LedgerFault(.lineTooLong, "the entry is longer than \(LedgerEntry.maxLine) bytes")
    }
  }

  /// Reads a line, without its newline.
  /// - Throws: `ledger_format`, `ledger_line_too_long`, and `ledger_hash` when the content is not
  ///   what was hashed.
  package init(parsing line: [UInt8]) throws(LedgerFault) {
    guard line.count <= LedgerEntry.maxLine else {
      throw LedgerFault(.lineTooLong, "the line is longer than \(LedgerEntry.maxLine) bytes")
    }
    do {
      let limits = JSONLimits(bytes: LedgerEntry.maxLine, depth: 8)
      self = try LedgerEntry(JSONCursor(JSONDocument(parsing: line, limits: limits)))
    } catch {
      throw LedgerFault(.format, "this is no entry of a ledger: \(error)")
    }
    guard what.hasCanonicalForm, json.canonical() == line else {
      throw LedgerFault(.format, "entry \(number) is not written canonically")
    }
    guard hash == LedgerEntry.hash(of: LedgerEntry.members(at, number, kind, previous, what)) else {
      throw LedgerFault(.hash, "entry \(number) was altered: its hash is not that of its content")
    }
  }

  private init(_ cursor: JSONCursor) throws {
    var members = try cursor.object()
    at = try members.time("at")
    number = try members.required("entry").integer(in: 1...Int64.max)
    let name = try members.required("kind")
    guard let kind = LedgerKind(rawValue: try name.string()) else {
      throw name.fault("kind_unknown", "this kind of entry is not known")
    }
    self.kind = kind
    previous = try members.digestOrNull("previous")
    let what = try members.required("what")
    guard kind.accepts(what.node.json) else {
      throw what.fault("members", "a \(kind.rawValue) entry has other members")
    }
    self.what = what.node.json
    hash = try members.digest("hash")
    try members.finish()
  }

  /// Holds the values to their forms: what is shown to others, or comes from them.
  /// - Throws: `ledger_format`.
  package func requireForms() throws(LedgerFault) {
    guard let member = kind.malformed(in: what) else { return }
    throw LedgerFault(.format, "entry \(number): its \(member) has not the form that it must have")
  }

  /// This entry as the last one.
  package var head: LedgerHead { LedgerHead(entries: number, hash: hash) }

  package var json: JSON {
    .object(
      LedgerEntry.members(at, number, kind, previous, what) + [.init("hash", .string(hash.hex))])
  }

  /// Canonical JSON, without a newline.
  package var line: [UInt8] { json.canonical() }
  package var lineText: String { String(decoding: line, as: UTF8.self) }

  private static func members(
    _ at: UTCTime, _ number: Int64, _ kind: LedgerKind, _ previous: Digest?, _ what: JSON
  ) -> [JSON.Member] {
    [
      .init("at", .string(at.text)), .init("entry", .int(number)),
      .init("kind", .string(kind.rawValue)),
      .init("previous", previous.map { .string($0.hex) } ?? .null), .init("what", what),
    ]
  }

  private static func hash(of members: [JSON.Member]) -> Digest {
    let stream = DigestStream()
    stream.update(domain)
    stream.update(JSON.object(members).canonical())
    return stream.finish()
  }
}

extension JSON {
  /// Whether no number in it has a fraction.
  fileprivate var hasCanonicalForm: Bool {
    switch self {
    case .double: false
    case .array(let elements): elements.allSatisfy(\.hasCanonicalForm)
    case .object(let members): members.allSatisfy(\.value.hasCanonicalForm)
    default: true
    }
  }
}
