internal import Faults
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
    try VIDHasher.make(in: store)
    hash = try KeyedHash(key: VIDHasher.read(in: store))
  }

  package func mark(_ vid: UnsafeBufferPointer<UInt8>) -> VIDMark {
    let halves = hash.hash(UnsafeRawBufferPointer(vid))
    return VIDMark(high: halves.high, low: halves.low)
  }

  private static func make(in store: Folder) throws(FileFault) {
    guard try !store.exists(keyName) else { return }
    var bytes = randomBytes(KeyedHash.keyBytes)
    defer { wipe(&bytes) }
    do throws(FileFault) {
      try AtomicFile.write(bytes, as: keyName, in: store, mode: 0o600)
    } catch {
      guard error.kind == .alreadyThere else { throw error }
    }
  }

  private static func read(in store: Folder) throws -> SecretBytes {
    let file = try OpenFile(keyName, in: store, rules: .secret())
    guard file.size == KeyedHash.keyBytes else { throw damaged }
    return try SecretBytes.reading(count: KeyedHash.keyBytes) { out in
      guard try file.read(into: out) == out.count else { throw damaged }
    }
  }

  private static let damaged = StoreFault(
    code: "hash_key_damaged", message: "store/hash.key is not a key of 32 bytes",
    hint: "restore it from a backup; without it, VIDs that are out are sent again",
    blame: .environment)
}
