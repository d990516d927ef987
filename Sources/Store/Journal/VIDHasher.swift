package import Files
internal import Secrets

/// Makes marks of VIDs with the site's own key, `store/hash.key`. Not for two threads at once.
package final class VIDHasher {
  private static let keyName: EntryName = "hash.key"
  private let hash: KeyedHash

  /// Reads the key, or makes it the first time. Whoever makes one without the site's lock may come
  /// second, and then takes the other's.
  /// - Throws: `FileFault`, `StoreFault` if the file is not a key.
  package init(in store: Folder) throws {
    do throws(FileFault) {
      _ = try VIDHasher.make(in: store)
    } catch where error.kind == .alreadyThere {}
    let file = try OpenFile(VIDHasher.keyName, in: store, rules: .secret())
    guard file.size == KeyedHash.keyBytes else {
      throw StoreFault(
        code: "hash_key_damaged", message: "store/hash.key is not a key of 32 bytes",
        hint: "restore it from a backup; without it, VIDs that are out are sent again",
        blame: .environment)
    }
    let key = try SecretBytes.reading(count: KeyedHash.keyBytes) { out in
      var done = 0
      while done < out.count {
        let rest = UnsafeMutableRawBufferPointer(rebasing: out[done...])
        let count = try file.read(into: rest)
        guard count > 0 else { break }
        done += count
      }
    }
    hash = try KeyedHash(key: key)
  }

  package func mark(_ vid: UnsafeBufferPointer<UInt8>) -> VIDMark {
    let halves = hash.hash(UnsafeRawBufferPointer(vid))
    return VIDMark(high: halves.high, low: halves.low)
  }

  private static func make(in store: Folder) throws(FileFault) {
    guard try !store.exists(keyName) else { return }
    var bytes = randomBytes(KeyedHash.keyBytes)
    defer { wipe(&bytes) }
    try AtomicFile.write(bytes, as: keyName, in: store, mode: 0o600)
  }
}
