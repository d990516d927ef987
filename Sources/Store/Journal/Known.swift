internal import Faults
internal import JSONText
internal import Ledger
internal import GRDB

/// A key as it lies in `keys/`.
package struct KnownKey: Sendable, Hashable {
  package enum Place: String, Sendable {
    case current, next, earlier
  }

  package let name: String
  /// In hex.
  package let keyID: String
  /// In hex; nil for one who can only sign.
  package let fingerprint: String?
  package let place: Place
  package let isRevoked: Bool

  package init(
    name: String, keyID: String, fingerprint: String?, place: Place, isRevoked: Bool
  ) {
    (self.name, self.keyID, self.fingerprint) = (name, keyID, fingerprint)
    (self.place, self.isRevoked) = (place, isRevoked)
  }
}

/// What became of a key.
package struct KeyChange: Sendable, Hashable {
  package enum Word: String, Sendable {
    case added, removed
    /// Another key has taken the place of one that is gone.
    case changed
    /// A party went over to its next key, and the one before is kept.
    case rotated
    case revoked
  }

  package let word: Word
  package let key: KnownKey

  /// What made the second list of the first, in the order of names.
  package static func all(from before: [KnownKey], to after: [KnownKey]) -> [KeyChange] {
    let old = Dictionary(grouping: before, by: \.id), new = Dictionary(grouping: after, by: \.id)
    let gone = before.filter { new[$0.id] == nil }
    let replaced = Set(gone.map(\.name)).intersection(
      after.filter { old[$0.id] == nil && $0.place == .current }.map(\.name))
    var changes = gone.filter { !replaced.contains($0.name) }.map {
      KeyChange(word: .removed, key: $0)
    }
    for key in after {
      if let word = word(of: key, before: old[key.id]?.first, before, replaced) {
        changes.append(KeyChange(word: word, key: key))
      }
      if key.isRevoked, old[key.id]?.first?.isRevoked != true {
        changes.append(KeyChange(word: .revoked, key: key))
      }
    }
    return changes.sorted { ($0.key.name, $0.key.keyID) < ($1.key.name, $1.key.keyID) }
  }

  private static func word(
    of key: KnownKey, before: KnownKey?, _ all: [KnownKey], _ replaced: Set<String>
  ) -> Word? {
    guard let before else {
      guard key.place == .current else { return .added }
      if replaced.contains(key.name) { return .changed }
      return all.contains { $0.name == key.name && $0.place == .current } ? .rotated : .added
    }
    if before.fingerprint != key.fingerprint { return .changed }
    return before.place == .next && key.place == .current ? .rotated : nil
  }
}

extension KnownKey {
  fileprivate var id: [String] { [name, keyID] }
}

extension Journal {
  /// The policy that is in force now. It is an entry of the ledger if it is another one.
  /// - Parameter digest: in hex.
  package func notice(policy digest: String) throws {
    try notice("policy", digest) { before, database in
      try append(
        .policy, ["digest": .string(digest), "previous": .text(before)], in: database)
    }
  }

  /// The version of the program that works now.
  package func notice(program version: String) throws {
    try notice("program", version) { _, database in
      try append(.program, ["version": .string(version)], in: database)
    }
  }

  /// The keys that lie in `keys/` now.
  /// - Throws: `revocations_rolled_back` when one that the ledger tells was revoked counts again.
  package func notice(keys: [KnownKey]) throws {
    guard try look({ try Set(Self.keys($0)) }) != Set(keys) else { return }
    try change { database in
      let revoked = try Self.revoked(database)
      if let back = keys.first(where: { !$0.isRevoked && revoked.contains($0.keyID) }) {
        throw StoreFault(
          code: "revocations_rolled_back",
          message:
            "the key \(back.keyID) of \(back.name) was revoked, and the lists in keys/ say so no more",
          hint: "restore keys/ with its REVOKED files; a revocation is never taken back",
          blame: .environment)
      }
      for change in KeyChange.all(from: try Self.keys(database), to: keys) {
        try append(
          .keys,
          [
            "change": .string(change.word.rawValue), "name": .string(change.key.name),
            "key_id": .string(change.key.keyID), "fingerprint": .text(change.key.fingerprint),
          ], in: database)
      }
      try database.execute(sql: "DELETE FROM known_keys")
      for key in keys {
        try database.execute(
          sql: """
            INSERT OR REPLACE INTO known_keys (name, key_id, fingerprint, place, revoked)
            VALUES (?, ?, ?, ?, ?)
            """,
          arguments: [key.name, key.keyID, key.fingerprint, key.place.rawValue, key.isRevoked])
      }
    }
  }

  private func notice(
    _ name: String, _ value: String, _ tell: (String?, Database) throws -> Void
  ) throws {
    guard try look({ try Self.value(of: name, in: $0) }) != value else { return }
    try change { database in
      try tell(try Self.value(of: name, in: database), database)
      try database.execute(
        sql: "INSERT OR REPLACE INTO known (name, value) VALUES (?, ?)", arguments: [name, value])
    }
  }

  private static func value(of name: String, in database: Database) throws -> String? {
    try String.fetchOne(database, sql: "SELECT value FROM known WHERE name = ?", arguments: [name])
  }

  /// The ids of all keys that were ever revoked.
  private static func revoked(_ database: Database) throws -> Set<String> {
    try String.fetchSet(
      database,
      sql: """
        SELECT line ->> '$.what.key_id' FROM ledger
        WHERE instr(line, '"revoked"') AND line ->> '$.kind' = 'keys'
          AND line ->> '$.what.change' = 'revoked'
        """)
  }

  private static func keys(_ database: Database) throws -> [KnownKey] {
    try Row.fetchAll(database, sql: "SELECT * FROM known_keys ORDER BY name, key_id").map {
      KnownKey(
        name: $0["name"], keyID: $0["key_id"], fingerprint: $0["fingerprint"],
        place: KnownKey.Place(rawValue: $0["place"]) ?? .current, isRevoked: $0["revoked"])
    }
  }
}
