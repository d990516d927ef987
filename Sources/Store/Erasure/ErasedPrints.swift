internal import GRDB
internal import Glibc
internal import Secrets

/// The erased VIDs of a site, to be looked for in bytes. Not for two threads at once.
package final class ErasedPrints {
  /// Shorter values stand in any file by chance: a finding would say nothing.
  package static let shortest = 6
  package static let longest = 4_096

  /// How many can be looked for.
  package private(set) var count = 0
  /// Those that cannot: too short, too long, or from before prints were kept.
  package private(set) var unsearchable = 0
  private var searches: [RollingSearch] = []
  private var marks: Set<VIDMark> = []
  private let hasher: VIDHasher

  /// - Throws: `StoreFault`.
  package init(_ tokens: TokenStore, _ hasher: VIDHasher) throws {
    self.hasher = hasher
    var hashes: [Int: [UInt64]] = [:]
    try tokens.look { database in
      let rows = try BareStatement(
        database, "SELECT vid, coalesce(length, 0), coalesce(print, 0) FROM erased")
      while try rows.next() {
        let (mark, length) = (rows.mark(0), Int(rows.integer(1)))
        guard (Self.shortest...Self.longest).contains(length) else {
          unsearchable += 1
          continue
        }
        hashes[length, default: []].append(hasher.uncovered(rows.integer(2), of: mark))
        marks.insert(mark)
      }
    }
    count = marks.count
    searches = hashes.sorted { $0.key < $1.key }.map {
      RollingSearch($0.value, length: $0.key, hasher.rolling)
    }
  }

  /// The different lengths, in bytes.
  package var lengths: [Int] { searches.map(\.length) }

  /// How often erased VIDs stand in the bytes.
  /// - Parameter old: so many bytes in front were looked at before: what lies in them alone is not
  ///   counted again.
  package func hits(in bytes: UnsafeBufferPointer<UInt8>, old: Int = 0) -> Int {
    var hits = 0
    for search in searches {
      search.search(bytes, from: max(0, old - search.length + 1)) { place in
        let window = UnsafeBufferPointer(rebasing: bytes[place..<(place + search.length)])
        if marks.contains(hasher.mark(window)) { hits += 1 }
      }
    }
    return hits
  }

  /// Whether the value is an erased VID as a whole.
  func has(_ value: UnsafeBufferPointer<UInt8>) -> Bool {
    searches.contains { $0.length == value.count } && hits(in: value) > 0
  }

  /// Counts in a stream: `read` fills the room that it is given, and gives 0 at the end.
  /// - Parameter pieceBytes: how many bytes are looked at at once.
  /// - Returns: the hits, and how many bytes there were.
  package func hits(
    pieceBytes: Int = 1 << 20, _ read: (UnsafeMutableRawBufferPointer) throws -> Int
  ) rethrows -> (hits: Int, bytes: Int64) {
    let overlap = (lengths.last ?? 1) - 1
    let room = ChunkBuffer(count: overlap + pieceBytes)
    guard let start = room.bytes.baseAddress else { return (0, 0) }
    var (kept, hits, total) = (0, 0, Int64(0))
    while true {
      var filled = kept
      // A reader may give a few bytes at a time.
      while filled < kept + pieceBytes {
        let count = try read(.init(rebasing: room.bytes[filled..<(kept + pieceBytes)]))
        if count == 0 { break }
        filled += count
      }
      guard filled > kept else { return (hits, total) }
      total += Int64(filled - kept)
      let bytes = UnsafeBufferPointer(
        start: start.assumingMemoryBound(to: UInt8.self), count: filled)
      hits += self.hits(in: bytes, old: kept)
      let next = min(overlap, filled)
      memmove(start, start + filled - next, next)
      kept = next
    }
  }
}
