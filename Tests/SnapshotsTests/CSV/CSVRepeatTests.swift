import Faults
import Testing

@testable import Snapshots

/// Rows that say the same record, or the same linked record, twice.
struct CSVRepeatTests {
  static let wrong: [(String, String, String)] = [
    (
      ".id,name,reg_ids/value\n1,SecretA,7\n1,SecretB,8\n", "duplicate_id",
      "line 3, column 1 (.id)"
    ),
    (
      ".id,name,reg_ids/value\n1,SecretA,7\n1,SecretA,8\n", "duplicate_id",
      "line 3, column 1 (.id)"
    ),
    (
      "id,name,phone_number_ids/phone_no\n__export__.res_partner_1_0123abcd,SecretA,7\n"
        + "__export__.res_partner_1_0123abcd,,8\n", "duplicate_id", "line 3, column 1 (id)"
    ),
    (".id,name\n1,SecretA\n1,SecretA\n", "duplicate_id", "line 3, column 1 (.id)"),
    ("id,name,vid\n1,SecretA,7\n1,SecretB,8\n", "duplicate_id", "line 3, column 2 (name)"),
    (
      "id,vid,gender\n1,7,SecretA\n1,8,SecretA\n1,9,SecretB\n", "duplicate_id",
      "line 4, column 3 (gender)"
    ),
    ("id,name,vid\n1,,7\n1,\"\",8\n", "duplicate_id", "line 3, column 2 (name)"),
    (
      ".id,id,name\n1,__export__.res_partner_2_0123abcd,SecretA\n", "contradiction",
      "line 2, column 2 (id)"
    ),
    (
      ".id,reg_ids/value,reg_ids/id_type/.id,reg_ids/id_type\n1,7,1,SecretA\n2,8,1,SecretB\n",
      "contradiction", "line 3, column 4 (reg_ids/id_type)"
    ),
    (".id,id,name\n1,2,SecretA\n", "contradiction", "line 2, column 2 (id)"),
    (
      ".id,kind/.id,kind/id\n1,4,__export__.g2p_group_kind_3_0123abcd\n", "contradiction",
      "line 2, column 3 (kind/id)"
    ),
  ]

  @Test("A record that is said in two ways is refused where it differs", arguments: wrong)
  func refused(_ text: String, _ code: String, _ place: String) throws {
    for batch in [1, 1 << 20] {
      var limits = SnapshotLimits()
      limits.batchBytes = batch
      let fault = try #require(throws: SnapshotFault.self) {
        try Rows(.text(text), limits: limits)
      }
      #expect(fault.code == code, "\(fault)")
      #expect(fault.message.hasPrefix("drop.json, \(place):"), "\(fault.message)")
      #expect(!fault.description.contains("Secret"))
    }
  }

  @Test("A row that a join repeats adds its VID, whatever the batches")
  func joined() throws {
    for batch in [1, 1 << 20] {
      var limits = SnapshotLimits()
      limits.batchBytes = batch
      let text = "id,vid,name\n1,7,a\n1,8,\"a\"\n1,9,a\n2,5,b\n"
      let rows = try Rows(.text(text), limits: limits)
      #expect(rows.records().count == 2)
      #expect(rows.records("g2p.reg.id").count == 4)
    }
  }

  @Test("An external id beside an id may say the same number, or none")
  func agreeing() throws {
    let text = ".id,id\n1,__export__.res_partner_1_0123abcd\n2,base.main_partner\n"
    #expect(try Rows(.text(text)).records().count == 2)
  }
}
