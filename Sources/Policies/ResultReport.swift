package import JSONText

/// What a result of the MTS held, in counts.
package struct ResultReport: Sendable, Equatable {
  /// An archive that it speaks of.
  package struct Archive: Sendable, Equatable {
    package var stream: String
    package var sequence: Int64
    package var sent: Int
    /// With this result and before.
    package var answered: Int

    package init(stream: String, sequence: Int64, sent: Int, answered: Int) {
      (self.stream, self.sequence) = (stream, sequence)
      (self.sent, self.answered) = (sent, answered)
    }
  }

  package var rows = 0
  /// Whether it came in a sealed, signed archive.
  package var isVerified = false
  package var tokens = 0
  package var known = 0
  /// VIDs that the MTS refused, by its code.
  package var refused: [String: Int] = [:]
  /// Rows that were passed over, by reason.
  package var ignored: [String: Int] = [:]
  /// Registrants that were frozen, by reason.
  package var conflicts: [String: Int] = [:]
  package var archives: [Archive] = []

  package init() {}

  package var json: JSON {
    [
      "rows": .count(rows), "verified": .bool(isVerified), "tokens": .count(tokens),
      "known": .count(known), "refused": .counts(refused), "ignored": .counts(ignored),
      "conflicts": .counts(conflicts),
      "archives": .array(
        archives.map { archive in
          [
            "stream": .string(archive.stream), "sequence": .int(archive.sequence),
            "sent": .count(archive.sent), "answered": .count(archive.answered),
            "missing": .count(archive.sent - archive.answered),
          ]
        }),
    ]
  }
}
