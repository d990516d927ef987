package import Faults
package import JSONText

extension Verdict {
  /// The document, in the order that people read.
  package var json: JSON {
    let head: [(String, JSON?)] = [
      ("airlock", "verdict"), ("version", 1), ("drop", .string(drop)),
      ("digest", shown.map { .string($0) }), ("kind", .string(kind.rawValue)),
      ("outcome", .string(outcome.rawValue)), ("reason", reason?.json),
      ("faults", reason.flatMap { $0.all.isEmpty ? nil : .array($0.all.map(\.json)) }),
      ("warnings", warnings.isEmpty ? nil : .array(warnings.map(\.json))),
      ("earlier", earlier?.json),
    ]
    return .object(present: head + reports + [("at", .string(at))])
  }

  private var reports: [(String, JSON?)] {
    [
      ("snapshot", snapshot?.json ?? earlier?.snapshot),
      ("job", schedule?.json(with: job) ?? job?.json ?? earlier?.job),
      ("receipt", receipt?.json ?? earlier?.receipt), ("result", result?.json ?? earlier?.result),
      ("deletion", deletion?.json), ("patch", patch?.json),
    ]
  }
}

extension Earlier {
  package var json: JSON { ["drop": .string(drop), "at": .string(at)] }
}

extension Verdict.Reason {
  package var json: JSON {
    .object(present: [
      ("code", .string(code)), ("message", .string(message)), ("where", place?.json),
      ("hint", hint.map { .string($0) }),
    ])
  }
}

extension FaultPlace {
  package var json: JSON {
    .object(present: [
      ("file", file.map { .string($0) }), ("line", line.map { .count($0) }),
      ("column", column.map { .count($0) }), ("pointer", pointer.map { .string($0) }),
      ("inside", inside.map { ["line": .count($0.line), "column": .count($0.column)] }),
    ])
  }
}

extension SnapshotReport {
  package var json: JSON {
    .object(present: [
      ("form", .string(form)), ("digest", digest.map { .string($0) }),
      ("name", name.map { .string($0) }), ("taken", taken.map { .string($0) }),
      ("follows", follows.map { .string($0) }), ("records", .counts(records)),
    ])
  }
}

extension JobReport {
  package var json: JSON {
    .object(present: [
      ("name", .string(name)), ("recipient", .string(recipient)), ("matched", .count(matched)),
      ("sent", .count(sent)), ("left_out", .counts(leftOut)), ("batches", .count(batches)),
      ("snapshot", .string(snapshotDigest)), ("archive", archive?.json),
      ("accepted_loss", acceptedLoss.isEmpty ? nil : .array(acceptedLoss.map { .string($0) })),
    ])
  }
}

extension ReceiptReport {
  package var json: JSON {
    [
      "stream": .string(stream), "sequence": .int(sequence), "state": .string(state),
      "by": .string(by), "archive": .string(archive),
    ]
  }
}

extension ArchiveReport {
  package var json: JSON {
    [
      "file": .string(file), "sequence": .int(sequence), "digest": .string(digest),
      "bytes": .int(bytes),
    ]
  }
}

extension JSON {
  /// Counts by name, the names in order.
  package static func counts(_ counts: [String: Int]) -> JSON {
    .object(counts.sorted { $0.key < $1.key }.map { Member($0.key, .count($0.value)) })
  }
}
