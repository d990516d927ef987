import Files
import Fixtures
import Foundation
import GRDB
import JSONText
import Language

@testable import Store

/// A store with a small registry of three people in force, and tokens beside it.
struct TokenSite {
  let site: LoadingSite
  let tokens: TokenStore
  let types = TokenTypes(vid: "MOSIP VID", uinToken: "MOSIP UIN TOKEN")

  /// Ana has a VID, Ben a VID and a national id, Cem nothing.
  static let registry = registry(
    ids: """
      {"id": 11, "partner_id": 1, "id_type": 3, "value": "VID-ANA-5501"}
      {"id": 12, "partner_id": 2, "id_type": 3, "value": "VID-BEN-5502"}
      {"id": 13, "partner_id": 2, "id_type": 5, "value": "NID-BEN"}
      """)

  init() throws {
    site = try LoadingSite()
    tokens = try TokenStore(in: site.store)
    try load(Self.registry)
  }

  static func registry(ids: String, types: String = "") -> [String: String] {
    [
      "res.partner.ndjson": """
      {"id": 1, "name": "Ana", "is_registrant": true, "active": true}
      {"id": 2, "name": "Ben", "is_registrant": true, "active": true}
      {"id": 3, "name": "Cem", "is_registrant": true, "active": true}
      """,
      "g2p.id.type.ndjson": """
      {"id": 3, "name": "MOSIP VID"}
      {"id": 5, "name": "NATIONAL"}
      \(types)
      """,
      "g2p.reg.id.ndjson": ids,
    ]
  }

  var revision: SnapshotRevision { SnapshotRevision(in: site.store, tokens, types: types) }
  var hasher: VIDHasher { get throws { try VIDHasher(in: site.store) } }
  var snapshot: SnapshotStore { get throws { try SnapshotStore.open(site.store) } }

  /// Loads a registry as a site does: revised before it comes in force.
  func load(_ files: [String: String]) throws {
    for (name, text) in files { try site.drops.write(text, as: name) }
    let names = files.keys.sorted().joined(separator: " ")
    let path = try site.make("drop.tar", "tar -cf drop.tar \(names)")
    try revision.commit(site.staged(path))
  }

  /// Loads one file of registrants.
  func loadText(_ text: String, as name: String = "drop.json") throws {
    try revision.commit(site.staged(text: text, as: name))
  }

  func mark(_ vid: String) throws -> VIDMark {
    var vid = vid
    return try vid.withUTF8 { try hasher.mark($0) }
  }

  func token(_ registrant: Int64, _ token: String, vid: String) throws -> HeldToken {
    HeldToken(
      registrant: registrant, vid: try mark(vid), idType: types.uinToken, token: token,
      stream: "mts", sequence: 1, at: 1_700_000_000, isVerified: true)
  }

  func erase(_ vid: String, of registrant: Int64, id: Int64) throws {
    try tokens.erase([erased(vid, of: registrant, id: id)])
  }

  func erased(_ vid: String, of registrant: Int64, id: Int64) throws -> ErasedVID {
    var text = vid
    let print = try text.withUTF8 { try hasher.print($0) }
    return try ErasedVID(
      vid: mark(vid), registrant: registrant, regID: id, at: 1_700_000_000, policy: "usual",
      run: nil, length: vid.utf8.count, print: print)
  }

  /// Registrants who have ids of the type, as a filter finds them.
  func holders(of type: String) throws -> [Int64] {
    try snapshot.ids("[[\"reg_ids.id_type.name\", \"=\", \"\(type)\"]]")
  }

  /// Names of files in `store/` that hold the bytes.
  func files(holding text: String) -> [String] {
    let names = FileManager.default.enumerator(atPath: site.store.path)?.allObjects as? [String]
    return (names ?? []).filter { name in
      let path = site.store.path + "/" + name
      guard FileManager.default.isReadableFile(atPath: path),
        let data = FileManager.default.contents(atPath: path)
      else { return false }
      return data.range(of: Data(text.utf8)) != nil
    }
  }
}

extension VIDHasher {
  func print(_ vid: UnsafeBufferPointer<UInt8>) -> Int64 { print(vid, mark(vid)) }
}

extension ErasedVID {
  /// One that no scan can look for.
  init(vid: VIDMark, registrant: Int64, regID: Int64, at: Int64, policy: String) {
    self.init(
      vid: vid, registrant: registrant, regID: regID, at: at, policy: policy, run: nil, length: 0,
      print: 0)
  }
}

extension TokenStore {
  func erase(_ vids: [ErasedVID]) throws { try change { try Self.note(vids, in: $0) } }

  /// Hands over every token, by registrant.
  func forEachToken(_ body: (HeldToken) throws -> Void) throws {
    try look { database in
      let rows = try Row.fetchCursor(database, sql: "SELECT * FROM tokens ORDER BY registrant, vid")
      while let row = try rows.next() { if let token = HeldToken(row) { try body(token) } }
    }
  }

  /// A registrant's tokens, of one VID each.
  func tokens(of registrant: Int64) throws -> [HeldToken] {
    try look {
      try Row.fetchAll(
        $0, sql: "SELECT * FROM tokens WHERE registrant = ? ORDER BY vid", arguments: [registrant]
      ).compactMap(HeldToken.init)
    }
  }

  /// How many tokens there are in each state.
  func tokenCounts() throws -> [TokenState: Int] {
    try look { database in
      var counts: [TokenState: Int] = [:]
      for row in try Row.fetchAll(
        database, sql: "SELECT state, count(*) AS n FROM tokens GROUP BY state")
      {
        TokenState(rawValue: row["state"]).map { counts[$0] = row["n"] }
      }
      return counts
    }
  }

  /// Keeps tokens as they are given, in place of those of the same registrant and VID. A
  /// result is judged first.
  func keep(_ tokens: [HeldToken], source: [UInt8] = []) throws {
    try change { database in
      let statement = try database.makeStatement(
        sql: """
          INSERT OR REPLACE INTO tokens (registrant, vid, id_type, token, stream, sequence, at,
            verified, state, source) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          """)
      for token in tokens {
        try statement.execute(arguments: [
          token.registrant, token.vid.data, token.idType, token.token, token.stream,
          token.sequence, token.at, token.isVerified, token.state.rawValue, Data(source),
        ])
      }
      try Self.raiseRevision(in: database)
    }
  }
}

extension HeldToken {
  fileprivate init?(_ row: Row) {
    guard let vid = VIDMark(row["vid"]), let state = TokenState(rawValue: row["state"]) else {
      return nil
    }
    self.init(
      registrant: row["registrant"], vid: vid, idType: row["id_type"], token: row["token"],
      stream: row["stream"], sequence: row["sequence"], at: row["at"],
      isVerified: row["verified"])
    self.state = state
  }
}

/// A registrant's token, as the MTS gave it.
struct HeldToken: Equatable {
  var registrant: Int64
  /// Of the VID that it answers.
  var vid: VIDMark
  /// The name of the id type that it is for.
  var idType: String
  var token: String
  /// The archive that asked for it.
  var stream: String
  var sequence: Int64
  /// Seconds since 1970.
  var at: Int64
  /// Whether it came in a sealed, signed archive.
  var isVerified: Bool
  var state = TokenState.held

  init(
    registrant: Int64, vid: VIDMark, idType: String, token: String, stream: String,
    sequence: Int64, at: Int64, isVerified: Bool
  ) {
    (self.registrant, self.vid, self.idType, self.token) = (registrant, vid, idType, token)
    (self.stream, self.sequence, self.at) = (stream, sequence, at)
    self.isVerified = isVerified
  }
}

extension VIDMark {
  /// The 16 bytes, as tables hold them.
  var data: Data {
    withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) { Data($0) }
  }

  /// Nil unless there are 16 bytes.
  init?(_ data: Data) {
    guard data.count == 16 else { return nil }
    self = data.withUnsafeBytes { bytes in
      VIDMark(
        high: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
        low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
    }
  }
}
