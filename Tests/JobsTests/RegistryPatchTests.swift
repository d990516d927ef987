import Archives
import Files
import Fixtures
import Foundation
import JSONText
import Keys
import Secrets
import Testing

@testable import Jobs
@testable import Store

/// What a sealed registry patch holds.
struct RegistryPatchTests {
  private let folder: TemporaryFolder
  private let signer: Identity
  private let receiver: Identity

  init() throws {
    folder = try TemporaryFolder()
    signer = try Identity.generate(name: KeyName("site"))
    receiver = try Identity.generate(name: KeyName("registry"))
  }

  private func shown(_ byte: UInt8) throws -> SaltedDigest {
    try #require(SaltedDigest(hex: Digest(of: [byte]).hex))
  }

  private func mark(_ number: UInt64) -> VIDMark { VIDMark(high: number, low: 0) }

  private func seal(_ operations: PatchOperations) throws -> (RegistryPatch, VerifiedArchive) {
    let entry = ArchiveEntry(
      stream: "registry", sequence: 1, job: "usual", state: .reserved, previous: nil, digest: nil)
    let patch = try RegistryPatch(
      operations, policy: .init(name: "usual", digest: shown(1)),
      sources: .init(snapshot: shown(2), manifest: shown(1), policy: shown(3)))
    let place = try Folder(path: folder.path)
    let staged = try patch.seal(
      as: entry, recipients: [receiver.card], signer: signer, outbox: place, spool: place,
      at: UTCTime(clamping: 1_700_000_000))
    try staged.publish()
    let path = folder("usual-00000001.sealed")
    return (patch, try UnverifiedArchive(path: path).verified(by: signer.card))
  }

  private func opened(_ operations: PatchOperations) throws -> (RegistryPatch, VerifiedArchive) {
    let (patch, archive) = try seal(operations)
    try archive.open(receiver, into: folder("opened"))
    return (patch, archive)
  }

  private func person(_ who: Int64, blank: Int64? = nil) -> PatchPerson {
    let external = who < 0 ? Array("__import__.P\(-who)".utf8) : nil
    return PatchPerson(who, external: external, blankRow: blank)
  }

  private func add(
    _ operations: inout PatchOperations, _ who: Int64, _ token: String, _ vid: UInt64,
    blank: Int64? = nil, proof: PatchProof? = nil
  ) {
    var token = token
    let proof = proof ?? PatchProof(type: "MOSIP VID", value: Array("V-\(vid)".utf8))
    token.withUTF8 {
      operations.add(
        $0, of: person(who, blank: blank), type: "MOSIP UIN TOKEN", vid: mark(vid), proof: proof)
    }
  }

  private func unlink(
    _ operations: inout PatchOperations, _ id: Int64, _ who: Int64, _ value: String, _ vid: UInt64
  ) {
    var value = value
    value.withUTF8 {
      var token = "TOKEN-\(who)"
      let value = $0
      token.withUTF8 {
        operations.unlink(
          id, of: person(who), type: "MOSIP \"VID\"", value: value, vid: mark(vid), with: $0,
          tokenType: "MOSIP UIN TOKEN")
      }
    }
  }

  /// Eight has no addition; seven has two VIDs, both of one token.
  private var operations: PatchOperations {
    var operations = PatchOperations()
    unlink(&operations, 83, 8, "V-8", 8)
    unlink(&operations, 82, 7, "V-7b", 72)
    unlink(&operations, 81, 7, "V-7a", 71)
    add(&operations, 9, "-TOKEN,\"9\"", 9)
    add(&operations, 7, "TOKEN-7", 72)
    add(&operations, 7, "TOKEN-7", 71)
    return operations
  }

  @Test(
    "W4: operations are numbered lines, additions first, and a VID goes only from who has the token"
  )
  func lines() throws {
    _ = try opened(operations)
    let lines = try folder.read("opened/operations.ndjson")
    #expect(
      lines == #"""
        {"do":"add","expect":{"id_type":"MOSIP VID","value":"V-71"},"model":"g2p.reg.id","operation":1,"values":{"id_type":"MOSIP UIN TOKEN","partner_id":7,"value":"TOKEN-7"}}
        {"do":"add","expect":{"id_type":"MOSIP VID","value":"V-72"},"model":"g2p.reg.id","operation":2,"values":{"id_type":"MOSIP UIN TOKEN","partner_id":7,"value":"TOKEN-7"}}
        {"do":"add","expect":{"id_type":"MOSIP VID","value":"V-9"},"model":"g2p.reg.id","operation":3,"values":{"id_type":"MOSIP UIN TOKEN","partner_id":9,"value":"-TOKEN,\"9\""}}
        {"do":"unlink","expect":{"id_type":"MOSIP \"VID\"","partner_id":7,"value":"V-7a"},"id":81,"model":"g2p.reg.id","operation":4,"with":{"id_type":"MOSIP UIN TOKEN","value":"TOKEN-7"}}
        {"do":"unlink","expect":{"id_type":"MOSIP \"VID\"","partner_id":7,"value":"V-7b"},"id":82,"model":"g2p.reg.id","operation":5,"with":{"id_type":"MOSIP UIN TOKEN","value":"TOKEN-7"}}
        {"do":"unlink","expect":{"id_type":"MOSIP \"VID\"","partner_id":8,"value":"V-8"},"id":83,"model":"g2p.reg.id","operation":6,"with":{"id_type":"MOSIP UIN TOKEN","value":"TOKEN-8"}}

        """#)
  }

  @Test("W5: the table has each addition once, quoted where need be, no value altered")
  func table() throws {
    _ = try opened(operations)
    #expect(
      try folder.read("opened/reg_ids.csv")
        == "partner_id/.id,id_type,value\r\n7,\"MOSIP UIN TOKEN\",TOKEN-7\r\n"
        + "9,\"MOSIP UIN TOKEN\",\"-TOKEN,\"\"9\"\"\"\r\n")
  }

  /// Five is known by an external id, and eight has a row for the token with nothing in it.
  private var mixed: PatchOperations {
    var operations = PatchOperations()
    add(&operations, 7, "TOKEN-7", 7)
    add(&operations, 8, "TOKEN-8", 8, blank: 90)
    add(&operations, 9, "TOKEN-9", 9, blank: -1)
    add(&operations, -5, "TOKEN-5", 5)
    add(&operations, -6, "TOKEN-6", 6)
    unlink(&operations, -1, -5, "V-5", 5)
    return operations
  }

  @Test("fault 110: each operation says what proves whose record it is, and rows are filled")
  func proofs() throws {
    let (patch, _) = try opened(mixed)
    #expect(
      try folder.read("opened/operations.ndjson") == #"""
        {"do":"add","expect":{"id_type":"MOSIP VID","value":"V-6"},"model":"g2p.reg.id","operation":1,"values":{"id_type":"MOSIP UIN TOKEN","partner_id/id":"__import__.P6","value":"TOKEN-6"}}
        {"do":"add","expect":{"id_type":"MOSIP VID","value":"V-5"},"model":"g2p.reg.id","operation":2,"values":{"id_type":"MOSIP UIN TOKEN","partner_id/id":"__import__.P5","value":"TOKEN-5"}}
        {"do":"add","expect":{"id_type":"MOSIP VID","value":"V-7"},"model":"g2p.reg.id","operation":3,"values":{"id_type":"MOSIP UIN TOKEN","partner_id":7,"value":"TOKEN-7"}}
        {"do":"add","expect":{"id_type":"MOSIP VID","value":"V-9"},"model":"g2p.reg.id","operation":4,"values":{"id_type":"MOSIP UIN TOKEN","partner_id":9,"value":"TOKEN-9"}}
        {"do":"set","expect":{"id_type":"MOSIP VID","value":"V-8"},"id":90,"model":"g2p.reg.id","operation":5,"values":{"id_type":"MOSIP UIN TOKEN","partner_id":8,"value":"TOKEN-8"}}
        {"do":"unlink","expect":{"id_type":"MOSIP \"VID\"","partner_id/id":"__import__.P5","value":"V-5"},"model":"g2p.reg.id","operation":6,"with":{"id_type":"MOSIP UIN TOKEN","value":"TOKEN--5"}}

        """#)
    for line in try folder.read("opened/operations.ndjson").split(separator: "\n") {
      #expect(try Array(line.utf8) == JSONDocument(parsing: String(line)).root.json.canonical())
    }
    #expect(patch.items.map(\.number) == [1, 2, 3, 4, 5, 6])
    #expect(patch.items.map(\.regID) == [nil, nil, nil, nil, nil, -1])
    let manifest = try JSONDocument(parsing: folder.read("opened/manifest.json")).root.json
    #expect(manifest["operations"] == ["add": 4, "set": 1, "unlink": 1])
  }

  @Test("W5: the table names people by one kind of id, and a row to fill by its number")
  func tables() throws {
    _ = try opened(mixed)
    #expect(
      try folder.read("opened/reg_ids.csv")
        == ".id,partner_id/.id,id_type,value\r\n,7,\"MOSIP UIN TOKEN\",TOKEN-7\r\n"
        + "90,8,\"MOSIP UIN TOKEN\",TOKEN-8\r\n")
    #expect(
      try folder.read("opened/reg_ids.external.csv")
        == "partner_id/id,id_type,value\r\n__import__.P6,\"MOSIP UIN TOKEN\",TOKEN-6\r\n"
        + "__import__.P5,\"MOSIP UIN TOKEN\",TOKEN-5\r\n")
  }

  @Test("W5: where nobody has an id of the database's, the table has external ids")
  func externalTable() throws {
    var operations = PatchOperations()
    add(&operations, -5, "TOKEN-5", 5)
    _ = try opened(operations)
    #expect(
      try folder.read("opened/reg_ids.csv")
        == "partner_id/id,id_type,value\r\n__import__.P5,\"MOSIP UIN TOKEN\",TOKEN-5\r\n")
    #expect(folder.names("opened").count == 3)
  }

  @Test("What the site notes of a patch bears the numbers that the archive has")
  func items() throws {
    let (patch, archive) = try seal(operations)
    let draft = archive.header.draft
    #expect(draft.kind == .registryPatch && draft.records == 6 && draft.fields == ["reg_ids"])
    #expect(draft.job.text == "usual" && draft.batches == 0)
    let type = #"MOSIP "VID""#
    #expect(
      Array(patch.items) == [
        PatchItem(number: 1, registrant: 7, regID: nil, vid: mark(71)),
        PatchItem(number: 2, registrant: 7, regID: nil, vid: mark(72)),
        PatchItem(number: 3, registrant: 9, regID: nil, vid: mark(9)),
        PatchItem(number: 4, registrant: 7, regID: 81, vid: mark(71), idType: type),
        PatchItem(number: 5, registrant: 7, regID: 82, vid: mark(72), idType: type),
        PatchItem(number: 6, registrant: 8, regID: 83, vid: mark(8), idType: type),
      ])
  }

  @Test("W6: the manifest says whence the patch is, and what it counts")
  func manifest() throws {
    _ = try opened(operations)
    let json = try JSONDocument(parsing: folder.read("opened/manifest.json")).root.json
    #expect(json["airlock"] == "registry-patch" && json["records"] == 6)
    #expect(json["stream"] == "registry" && json["sequence"] == 1)
    #expect(json["operations"] == ["add": 3, "set": 0, "unlink": 3])
    let salted = try shown(2).hex
    #expect(json["policy"]?["name"] == "usual" && json["snapshot"]?.text == salted)
  }

  @Test("Whatever a value holds, its line is the canonical JSON of it")
  func escapes() throws {
    let odd = [
      "\"\\\n\r\t\u{0}\u{1F}\u{7F}\u{80}\u{9F}\u{A0}", "\u{61C}\u{200E}\u{200F}\u{2010}\u{2027}",
      "\u{2028}\u{202E}\u{202F}\u{2065}\u{2066}\u{2069}\u{FEFF}\u{FEFE}", "é€😀ܜ", "",
    ]
    var operations = PatchOperations()
    for (index, value) in odd.enumerated() { unlink(&operations, Int64(index + 1), 1, value, 1) }
    _ = try opened(operations)
    let lines = try folder.read("opened/operations.ndjson").split(separator: "\n")
    #expect(lines.count == odd.count)
    for (line, value) in zip(lines, odd) {
      let json = try JSONDocument(parsing: String(line)).root.json
      #expect(json["expect"]?["value"]?.text == value)
      #expect(Array(line.utf8) == json.canonical())
    }
  }
}
