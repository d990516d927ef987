package import Secrets

/// Whoever turns a drop into batches of rows.
package protocol RowReader: AnyObject {
  /// Fills the batch with the next rows; false when there are no more.
  func read(into batch: RowBatch) throws -> Bool
  /// What the drop held, and the digest of its bytes. Called once, last.
  func finish() throws -> (contents: SnapshotContents, digest: Digest)
  /// What the drop says of itself, once something has been read.
  var head: SnapshotHead? { get }
  /// What it removes, once everything has been read.
  var deletions: [Deletion] { get }
}

extension SnapshotReader: RowReader {}

/// A reader whose models can be told.
protocol ModelNaming: AnyObject {
  var intake: Intake { get }
}

extension SnapshotReader: ModelNaming {}
extension ODKReader: ModelNaming {}
