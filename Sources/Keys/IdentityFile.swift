package import Files
internal import Glibc
internal import JSONText
package import Secrets

/// The file of an identity: JSON, readable by its owner alone. See `IdentityText` for what is in it.
package enum IdentityFile {
  /// Writes a new identity, whole or not at all, and never over another.
  /// - Parameter passphrase: locks the secret keys; `nil` leaves the file's mode as their only guard.
  /// - Throws: `identity_there`, `identity_unsafe`, `FileFault`, `SecretsFault`.
  package static func create(
    _ identity: Identity, as name: EntryName = "identity.json", in folder: Folder,
    passphrase: SecretBytes? = nil, cost: PassphraseCost = .moderate
  ) throws {
    try requireTrusted(folder)
    guard try !folder.exists(name) else {
      throw KeysFault(
        .identityThere, "\(name) is there already", hint: "an identity is never overwritten")
    }
    let text = try IdentityText.write(identity, passphrase: passphrase, cost: cost)
    let file = try StagedFile(name, in: folder, mode: 0o600)
    try text.withBytes { try file.write($0) }
    try file.commit(replacing: false)
  }

  /// Reads an identity.
  /// - Parameter passphrase: asked only when the file is locked; nil means that there is none.
  /// - Throws: `identity_missing`, `identity_unsafe` (what is not a regular file with one name, of
  ///   ours or of root, private, in a folder that others cannot write to), `identity_format`,
  ///   `identity_damaged`, `passphrase_needed`, `passphrase_wrong`.
  package static func load(
    _ name: EntryName = "identity.json", in folder: Folder,
    passphrase: () throws -> SecretBytes? = { nil }
  ) throws -> Identity {
    try IdentityText(read(name, folder)).identity(passphrase: passphrase)
  }

  /// The same by path.
  package static func load(
    path: String, passphrase: () throws -> SecretBytes? = { nil }
  ) throws -> Identity {
    do {
      let (folder, name) = try split(path)
      return try load(name, in: folder, passphrase: passphrase)
    } catch let fault as FileFault where fault.kind == .notFound {
      throw KeysFault(
        .identityMissing, "there is no identity \(Printable.quoted(path))",
        hint: "name the identity.json in your folder of keys")
    }
  }

  /// The public side of an identity; needs no passphrase.
  package static func card(
    _ name: EntryName = "identity.json", in folder: Folder
  ) throws -> Card {
    try IdentityText(read(name, folder)).card
  }

  /// Copies the identity in force, secret and all, beside it. One that is there from an earlier try
  /// is written again.
  static func copy(to name: EntryName, in folder: Folder) throws {
    let text = try read("identity.json", folder)
    let file = try StagedFile(name, in: folder, mode: 0o600)
    try text.withBytes { try file.write($0) }
    try file.commit(replacing: true)
  }

  private static func read(_ name: EntryName, _ folder: Folder) throws -> SecretBytes {
    try requireTrusted(folder)
    do {
      let rules = OpenRules(limit: 65_536, owners: [geteuid(), 0], mustBePrivate: true)
      let file = try OpenFile(name, in: folder, rules: rules)
      return try SecretBytes.reading(count: Int(file.size)) { out in
        var done = 0
        while done < out.count {
          done += try file.read(into: UnsafeMutableRawBufferPointer(rebasing: out[done...]))
        }
      }
    } catch let fault as FileFault where fault.kind == .notFound {
      throw KeysFault(
        .identityMissing, "there is no identity \(name) in \(Printable.quoted(folder.path))",
        hint: "make one with `airlock keys new`")
    } catch let fault as FileFault {
      throw KeysFault(unsafe: fault)
    }
  }

  private static func requireTrusted(_ folder: Folder) throws(KeysFault) {
    do throws(FileFault) { try folder.requireTrusted() } catch { throw KeysFault(unsafe: error) }
  }

  private static func split(_ path: String) throws -> (Folder, EntryName) {
    guard let slash = path.lastIndex(of: "/") else {
      return (try Folder(path: "."), try EntryName(path))
    }
    let parent = slash == path.startIndex ? "/" : String(path[..<slash])
    return (try Folder(path: parent), try EntryName(path[path.index(after: slash)...]))
  }
}
