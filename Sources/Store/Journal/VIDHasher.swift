package import Files
internal import Secrets

/// Makes marks and prints of VIDs with the site's own key, `store/hash.key`.
package final class VIDHasher: Sendable {
  private let hash: KeyedHash
  /// With a key of its own: what it gives tells nothing about marks.
  private let cover: KeyedHash
  /// The rolling hash under the prints.
  let rolling: VIDPrint

  /// Reads the key, or makes it the first time. Whoever makes one without the site's lock may come
  /// second, and then takes the other's.
  /// - Throws: `FileFault`, `StoreFault` if the file is not a key.
  package convenience init(in store: Folder) throws {
    try SiteKey.make(in: store)
    try self.init(reading: store)
  }

  /// For whoever looks for marks that are there: a new key would know none of them.
  /// - Throws: `hash_key_missing`; as `init(in:)`.
  package convenience init(existingIn store: Folder) throws {
    try SiteKey.require(in: store)
    try self.init(reading: store)
  }

  private init(reading store: Folder) throws {
    let key = try SiteKey.read(in: store)
    hash = try KeyedHash(key: key)
    cover = try KeyedHash(key: key.subkey(1, for: "VIDPrint"))
    rolling = VIDPrint(base: cover.hash(UnsafeRawBufferPointer(start: nil, count: 0)).low)
  }

  package func mark(_ vid: UnsafeBufferPointer<UInt8>) -> VIDMark {
    let halves = hash.hash(UnsafeRawBufferPointer(vid))
    return VIDMark(high: halves.high, low: halves.low)
  }

  /// What is kept of a VID beside its mark and its length, so that `ErasureScan` knows it again: the
  /// rolling hash, covered by a keyed hash of the mark. To those who lack the key it is noise.
  /// - Parameter mark: of the VID.
  package func print(_ vid: UnsafeBufferPointer<UInt8>, _ mark: VIDMark) -> Int64 {
    Int64(rolling.hash(vid) ^ covering(mark))
  }

  /// The rolling hash under a print.
  func uncovered(_ print: Int64, of mark: VIDMark) -> UInt64 {
    UInt64(bitPattern: print) ^ covering(mark)
  }

  private func covering(_ mark: VIDMark) -> UInt64 {
    withUnsafeBytes(of: (mark.high.bigEndian, mark.low.bigEndian)) {
      cover.hash($0).low & VIDPrint.modulus
    }
  }
}
