internal import JSONText
internal import Ledger
internal import GRDB

/// What a receiver said of one archive.
package struct ReceiptRecord: Sendable, Equatable {
  package let stream: String
  package let sequence: Int64
  /// `opened`, `tokenised` or `applied`.
  package let state: String
  /// The name of the receiver.
  package let by: String
  /// Of the receipt, in hex.
  package let digest: String
  /// For a tokenised one: how many records the MTS answered, and how many it refused. For an applied
  /// one: how many operations are done, and how many are stale.
  package let answered: Int64?
  package let failed: Int64?
  package let document: String
  package let signature: String

  package init(
    stream: String, sequence: Int64, state: String, by: String, digest: String, answered: Int64?,
    failed: Int64?, document: String, signature: String
  ) {
    (self.stream, self.sequence, self.state) = (stream, sequence, state)
    (self.by, self.digest) = (by, digest)
    (self.answered, self.failed) = (answered, failed)
    (self.document, self.signature) = (document, signature)
  }

  /// Of how many records the MTS has said what became of them, or the registry that they are done.
  package var settled: Int64 { (answered ?? 0) + (state == "applied" ? 0 : failed ?? 0) }
}

extension Journal {
  /// The receipts of an archive by one receiver, in the order of their coming.
  package func receipts(
    on stream: String, _ sequence: Int64, by receiver: String
  ) throws -> [ReceiptRecord] {
    try look { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT * FROM receipts WHERE stream = ? AND sequence = ? AND by = ? ORDER BY drop_id
          """, arguments: [stream, sequence, receiver]
      ).map {
        ReceiptRecord(
          stream: $0["stream"], sequence: $0["sequence"], state: $0["state"], by: $0["by"],
          digest: $0["digest"], answered: $0["answered"], failed: $0["failed"],
          document: $0["document"], signature: $0["signature"])
      }
    }
  }

  /// Whom an archive was sealed to, by its entry in the ledger; none where nobody recorded that.
  package func recipients(on stream: String, _ sequence: Int64) throws -> Set<String> {
    try recipients("name", on: stream, sequence)
  }

  /// The same by their fingerprints, in hex.
  package func recipientPrints(on stream: String, _ sequence: Int64) throws -> Set<String> {
    try recipients("fingerprint", on: stream, sequence)
  }

  private func recipients(
    _ member: String, on stream: String, _ sequence: Int64
  ) throws -> Set<String> {
    try look {
      try Set(
        String.fetchAll(
          $0,
          sql: """
            SELECT json_extract(r.value, '$.' || ?)
            FROM ledger, json_each(line, '$.what.recipients') r
            WHERE json_extract(line, '$.kind') = 'archive'
              AND json_extract(line, '$.what.stream') = ?
              AND json_extract(line, '$.what.sequence') = ?
            """, arguments: [member, stream, sequence]))
    }
  }

  /// Takes in a receipt: its archive goes forward by it, never back.
  func take(_ receipt: ReceiptRecord, of drop: Drop, in database: Database) throws {
    try database.execute(
      sql: """
        INSERT INTO receipts (drop_id, stream, sequence, state, by, digest, answered, failed,
          document, signature) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        drop.id, receipt.stream, receipt.sequence, receipt.state, receipt.by, receipt.digest,
        receipt.answered, receipt.failed, receipt.document, receipt.signature,
      ])
    let isAnswer = receipt.state != "opened"
    try database.execute(
      sql: """
        UPDATE archives SET collected = coalesce(collected, :now),
          state = CASE WHEN :answer OR state = 'answered' THEN 'answered' ELSE 'collected' END
        WHERE stream = :stream AND sequence = :sequence AND \(Self.isShown)
        """,
      arguments: [
        "now": now().seconds, "answer": isAnswer, "stream": receipt.stream,
        "sequence": receipt.sequence,
      ])
    try append(
      .receipt,
      [
        "stream": .string(receipt.stream), "sequence": .int(receipt.sequence),
        "state": .string(receipt.state), "by": .string(receipt.by),
        "digest": .string(receipt.digest),
      ], in: database)
  }
}
