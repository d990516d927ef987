internal import JSONText
package import Ledger
internal import GRDB

// The ledger within the journal: an entry is committed with what it records, or neither is.

extension Journal {
  /// How far the ledger goes; nil before its first entry.
  package func ledgerHead() throws -> LedgerHead? { try look { try Self.ledgerHead($0) } }

  /// The lines of these entries, in order.
  package func ledgerLines(_ entries: ClosedRange<Int64>) throws -> [String] {
    try look {
      try String.fetchAll(
        $0, sql: "SELECT line FROM ledger WHERE entry BETWEEN ? AND ? ORDER BY entry",
        arguments: [entries.lowerBound, entries.upperBound])
    }
  }

  /// What an operator did to a drop that was held.
  package enum Act: Sendable {
    case retry, reject
  }

  /// - Parameter shown: what the drop's verdict shows for its digest; nil if it is not known.
  package func note(_ act: Act, shown: String?) throws {
    let kind: LedgerKind =
      switch act {
      case .retry: .retry
      case .reject: .reject
      }
    try change { try append(kind, ["digest": .text(shown)], in: $0) }
  }

  /// Adds an entry. Only within a transaction that changes what it records.
  func append(_ kind: LedgerKind, _ what: JSON, in database: Database) throws {
    let entry = try LedgerEntry(kind, what, after: Self.ledgerHead(database), at: now())
    try database.execute(
      sql: "INSERT INTO ledger (entry, line) VALUES (?, ?)",
      arguments: [entry.number, entry.lineText])
  }

  private static func ledgerHead(_ database: Database) throws -> LedgerHead? {
    let line = try String.fetchOne(
      database, sql: "SELECT line FROM ledger ORDER BY entry DESC LIMIT 1")
    return try line.map { try LedgerEntry(parsing: Array($0.utf8)).head }
  }

  /// A drop was decided.
  func append(_ drop: Drop, _ decision: Decision, in database: Database) throws {
    let isReleased = try Bool.fetchOne(
      database, sql: "SELECT released FROM drops WHERE id = ?", arguments: [drop.id])
    try append(
      .drop,
      [
        "drop": .int(drop.id), "kind": .string(decision.kind),
        "outcome": .string(decision.outcome), "code": .text(decision.code),
        "digest": .text(decision.shown), "origin": .string(drop.origin.rawValue),
        "released": .bool(isReleased ?? false),
      ], in: database)
  }

  /// A job ran.
  func append(_ run: RunRecord, dropID: Int64, in database: Database) throws {
    let leftOut = run.leftOut.sorted { $0.key < $1.key }.map {
      JSON.Member($0.key, .count($0.value))
    }
    var what: [JSON.Member] = [
      .init("drop", .int(dropID)), .init("job", .string(run.job)),
      .init("version", .count(run.version)), .init("snapshot", .string(run.snapshot)),
      .init("manifest", .string(run.manifest)), .init("policy", .string(run.policy)),
      .init("filter", .string(run.filter)),
      .init("conditions", .array(run.distinctConditions.map { .array($0.map(JSON.string)) })),
      .init("fields", .array(run.fields.map(JSON.string))), .init("matched", .count(run.matched)),
      .init("sent", .count(run.sent)), .init("left_out", .object(leftOut)),
      .init("stream", .string(run.stream)), .init("sequence", run.sequence.map(JSON.int) ?? .null),
    ]
    if !run.acceptedLoss.isEmpty {
      what.append(.init("accepted_loss", .array(run.acceptedLoss.map(JSON.string))))
    }
    try append(.run, .object(what), in: database)
  }
}

extension RunRecord {
  /// Each pair of field and operator once, sorted; of very many the first. A line of the ledger has
  /// its bounds, and a filter's length says nothing of what left.
  fileprivate var distinctConditions: [[String]] {
    var bytes = 0
    let sorted = Set(conditions).sorted { $0.lexicographicallyPrecedes($1) }
    return Array(
      sorted.prefix { pair in
        bytes += pair.reduce(8) { $0 + 6 * $1.utf8.count }
        return bytes <= 256 << 10
      })
  }
}

extension JSON {
  /// Text, or null where there is none.
  static func text(_ text: String?) -> JSON { text.map(JSON.string) ?? .null }
}
