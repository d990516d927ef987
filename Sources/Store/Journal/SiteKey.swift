internal import Faults
internal import Files
internal import Secrets

/// `store/hash.key`: 32 bytes that never leave the site. Marks and prints of VIDs are made with it, and
/// the salts of digests with a key that follows from it.
enum SiteKey {
  private static let name: EntryName = "hash.key"

  /// Makes it the first time. Whoever makes one without the site's lock may come second, and then
  /// takes the other's.
  static func make(in store: Folder) throws(FileFault) {
    guard try !store.exists(name) else { return }
    var bytes = randomBytes(KeyedHash.keyBytes)
    defer { wipe(&bytes) }
    do throws(FileFault) {
      try AtomicFile.write(bytes, as: name, in: store, mode: 0o600)
    } catch {
      guard error.kind == .alreadyThere else { throw error }
    }
  }

  /// - Throws: `hash_key_missing`.
  static func require(in store: Folder) throws {
    guard try store.exists(name) else {
      throw StoreFault(
        code: "hash_key_missing", message: "store/hash.key is not there",
        hint: "restore it from a backup: without it, no VID can be known again",
        blame: .environment)
    }
  }

  static func read(in store: Folder) throws -> SecretBytes {
    let file = try OpenFile(name, in: store, rules: .secret())
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
