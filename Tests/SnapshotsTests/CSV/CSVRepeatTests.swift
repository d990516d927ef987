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
      "id,name,id\nbase.a,SecretA,base.b\n", "contradiction", "line 2, column 3 (id)"
    ),
    (".id,ID,name\n1,2,SecretA\n", "contradiction", "line 2, column 2 (ID)"),
    (
      ".id,reg_ids/value,reg_ids/id_type/.id,reg_ids/id_type\n1,7,1,SecretA\n2,8,1,SecretB\n",
      "contradiction", "line 3, column 4 (reg_ids/id_type)"
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

  @Test("A column of ids that stands twice and says the same is one")
  func twins() throws {
    for text in ["id,id,name\nbase.a,base.a,x\n", ".id,ID,name\n1,1,x\n", "id,id,name\n1,1,x\n"] {
      #expect(try Rows(.text(text)).records().map { $0["name"] } == [.text("x")])
    }
  }
}
