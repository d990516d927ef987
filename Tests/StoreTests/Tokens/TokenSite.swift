import Files
import Fixtures
import Foundation
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
}
