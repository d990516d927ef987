internal import GRDB

// Whose word a job is, so that an order that was held back on its way is told from a newer one.

extension Journal {
  /// The latest order of a signer for a job that was taken in, or was in force already.
  package struct Order: Sendable, Equatable {
    /// Milliseconds since 1970, by the signer's clock.
    package let issued: Int64
    /// Of the manifest, in hex.
    package let digest: String?
  }

  /// - Parameter drop: it does not count itself.
  /// - Returns: nil before the first.
  package func newestOrder(
    of signer: String, for job: String, besides drop: Drop
  ) throws -> Order? {
    try look { database in
      let row = try Row.fetchOne(
        database,
        sql: """
          SELECT issued, digest FROM drops
          WHERE signer = ? AND orders = ? AND outcome IN ('accepted', 'duplicate') AND id <> ?
          ORDER BY issued DESC, id DESC LIMIT 1
          """, arguments: [signer, job, drop.id])
      return row.map { Order(issued: $0["issued"], digest: $0["digest"]) }
    }
  }

  /// Before the drop is worked on: it counts as an order once it is taken in.
  package func note(
    _ drop: Drop, orderedBy signer: String, issued: Int64, job: String
  ) throws {
    try change {
      try $0.execute(
        sql: "UPDATE drops SET signer = ?, issued = ?, orders = ? WHERE id = ?",
        arguments: [signer, issued, job, drop.id])
    }
  }
}
