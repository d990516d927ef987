/// How much a packed stream may unfold to.
package struct TarballLimits: Sendable, Hashable {
  /// All bytes together, unpacked.
  package var expandedBytes: Int64
  /// The bytes of one entry.
  package var entryBytes: Int64
  /// How many entries, with those that are skipped.
  package var entries: Int
  /// How many files of a folder that is passed over, beside those.
  package var idleEntries: Int
  /// The bytes of one entry's name.
  package var nameBytes: Int
  /// Unpacked bytes per packed byte, once 64 MiB are exceeded.
  package var ratio: Int64

  package init(
    expandedBytes: Int64 = 64 << 30, entryBytes: Int64 = 64 << 30, entries: Int = 100_000,
    idleEntries: Int = 1_000_000, nameBytes: Int = 512, ratio: Int64 = 1_000
  ) {
    self.expandedBytes = expandedBytes
    self.entryBytes = entryBytes
    self.entries = entries
    self.idleEntries = idleEntries
    self.nameBytes = nameBytes
    self.ratio = ratio
  }
}

/// Counts what comes out against what went in.
struct ExpansionMeter {
  /// Below this no ratio is looked at: tiny files compress well.
  static let allowance: Int64 = 64 << 20

  let limits: TarballLimits
  private(set) var expanded: Int64 = 0

  init(_ limits: TarballLimits) { self.limits = limits }

  /// Notes `count` more bytes, unpacked from `packed` bytes in all.
  mutating func note(_ count: Int, packed: Int64) throws(TarballFault) {
    expanded += Int64(count)
    guard expanded <= limits.expandedBytes else {
      throw TarballFault(
        .expandsTooFar, "the input unpacks to more than \(limits.expandedBytes) bytes")
    }
    guard expanded <= Self.allowance || expanded / limits.ratio <= packed else {
      throw TarballFault(
        .expandsTooFar, "the input unpacks to more than \(limits.ratio) times its size")
    }
  }
}
