internal import Foundation
internal import Secrets
internal import Snapshots

/// Reads batches on a thread of its own, a few ahead of whoever stores them.
final class BatchPipeline: @unchecked Sendable {  // what changes is guarded by `condition`
  struct End {
    let contents: SnapshotContents
    let digest: Digest
    let head: SnapshotHead?
    let deletions: [Deletion]
  }

  private static let batches = 3

  private let condition = NSCondition()
  private var free: [RowBatch] = []
  private var full: [RowBatch] = []
  private var ending: Result<End, any Error>?
  private var isStopped = false

  /// Starts reading. `makeReader` runs on the reading thread.
  init(_ makeReader: @escaping @Sendable () throws -> any RowReader) {
    let thread = Thread { [self] in read(makeReader) }
    thread.name = "airlock-read"
    thread.stackSize = 1 << 20
    thread.start()
  }

  /// The next batch in order; nil after the last.
  /// - Throws: what reading threw, once all batches before that are out.
  func next() throws -> RowBatch? {
    try condition.withLock {
      while full.isEmpty, ending == nil { condition.wait() }
      if !full.isEmpty { return full.removeFirst() }
      if case .failure(let error) = ending { throw error }
      return nil
    }
  }

  /// Gives a batch back to be filled again.
  func giveBack(_ batch: RowBatch) {
    condition.withLock {
      free.append(batch)
      condition.broadcast()
    }
  }

  /// What reading ended with, once `next()` has given nil.
  func end() throws -> End {
    guard let end = condition.withLock({ ending }) else { throw CancellationError() }
    return try end.get()
  }

  /// Makes the reading thread stop, and waits until it has.
  func stop() {
    condition.withLock {
      isStopped = true
      condition.broadcast()
      while ending == nil { condition.wait() }
    }
  }

  private func read(_ makeReader: () throws -> any RowReader) {
    let outcome = Result<End, any Error> {
      let reader = try makeReader()
      for _ in 0..<Self.batches { giveBack(try RowBatch()) }
      while true {
        let batch = try takeFree()
        guard try reader.read(into: batch) else { break }
        hand(batch)
      }
      let (contents, digest) = try reader.finish()
      return End(
        contents: contents, digest: digest, head: reader.head, deletions: reader.deletions)
    }
    condition.withLock {
      ending = outcome
      condition.broadcast()
    }
  }

  /// An empty batch, as soon as there is one.
  /// - Throws: `CancellationError` if nobody wants any more.
  private func takeFree() throws -> RowBatch {
    try condition.withLock {
      while free.isEmpty, !isStopped { condition.wait() }
      guard !isStopped else { throw CancellationError() }
      return free.removeLast()
    }
  }

  private func hand(_ batch: RowBatch) {
    condition.withLock {
      full.append(batch)
      condition.broadcast()
    }
  }
}
