import Language
import Testing

@testable import Snapshots

/// Values of described fields.
struct ValueTests {
  private func value(_ field: String, _ json: String) throws -> Rows.Value? {
    try Rows(.text(#"{"id":1,"\#(field)":\#(json)}"#)).records().first?[field]
  }

  @Test("Unset is null or false, except where false is a value")
  func unset() throws {
    for field in ["name", "color", "income", "birthdate", "disabled", "district", "comment"] {
      #expect(try value(field, "false") == .null)
      #expect(try value(field, "null") == .null)
    }
    #expect(try value("active", "false") == .integer(0))
    #expect(try value("active", "true") == .integer(1))
    #expect(try value("active", "null") == .null)
  }

  @Test("Numbers keep their type")
  func numbers() throws {
    #expect(try value("color", "-7") == .integer(-7))
    #expect(try value("color", "9223372036854775807") == .integer(.max))
    #expect(try value("income", "3") == .real(3))
    #expect(try value("income", "0.30000000000000004") == .real(0.1 + 0.2))
    #expect(try value("income", "18446744073709551615") == .real(0x1p64))
  }

  @Test("Dates and times are what PostgreSQL would print")
  func times() throws {
    #expect(try value("birthdate", #""2024-02-29""#) == .text("2024-02-29"))
    #expect(try value("birthdate", #""1-01-01""#) == .text("0001-01-01"))
    for (given, kept) in [
      ("2024-01-02 04:00:00", "2024-01-02 04:00:00"),
      ("2024-01-02T04:00:00", "2024-01-02 04:00:00"),
      ("2024-01-02T04:00:00.123456", "2024-01-02 04:00:00.123456"),
      ("2024-01-02 04:00:00.120000", "2024-01-02 04:00:00.12"),
      ("2024-01-02 04:00:00.000000", "2024-01-02 04:00:00"),
      ("77-01-02T04:00:00.5", "0077-01-02 04:00:00.5"),
    ] { #expect(try value("disabled", #""\#(given)""#) == .text(kept)) }
    for bad in [
      "2024-01-02T04:00", "2024-01-02 04:00:60", "2024-01-02 04:00:00Z", "2024-01-02 04:00:00.",
      "2024-01-02 04:00:00.1234567",
    ] {
      #expect(throws: SnapshotFault.self) { try value("disabled", #""\#(bad)""#) }
    }
  }

  @Test("A many2one is an id, or an id and a name, which may be unset")
  func references() throws {
    for given in ["5", #"[5,"Kandal"]"#, "[5,false]"] {
      #expect(try value("district", given) == .integer(5))
    }
    let rows = try Rows(.text(#"{"id":1,"district":[5,"Kandal"],"parent_id":[7,"Somebody"]}"#))
    #expect(rows.names == ["g2p.district": [5: "Kandal"]], "partners' names are of no use")
  }

  @Test("What is computed or binary is not kept, and not looked at")
  func ignored() throws {
    let record = try Rows(.text(#"{"id":1,"age":7,"display_name":["x"],"kind_as_str":{}}"#))
    #expect(record.records() == [["id": .integer(1)]])
    #expect(record.contents?.catalog["res.partner"]?["age"]?.isPresent == false)
  }

  @Test("Ids of a list go with their owner, wherever its id stands")
  func lists() throws {
    let rows = try Rows(
      .text(#"{"tags_ids":[4,2],"id":9}"# + "\n" + #"{"id":3,"tags_ids":[2],"child_ids":[9]}"#))
    #expect(rows.lists["res.partner/tags_ids"] == [[9, 4], [9, 2], [3, 2]])
    #expect(rows.lists["res.partner/child_ids"] == [[3, 9]])
  }

  @Test("Nested records become records of their own model, pointing back")
  func nested() throws {
    let rows = try Rows(
      .text(
        #"{"reg_ids":[{"id":3,"id_type":[1,"MOSIP VID"],"value":"007"},{"value":null,"id":4}],"id":8}"#
      ))
    #expect(
      rows.records("g2p.reg.id") == [
        [
          "id": .integer(3), "partner_id": .integer(8), "id_type": .integer(1),
          "value": .text("007"),
        ],
        ["id": .integer(4), "partner_id": .integer(8), "id_type": .null, "value": .null],
      ])
    #expect(rows.names["g2p.id.type"] == [1: "MOSIP VID"])
    #expect(rows.contents?.catalog["res.partner"]?["reg_ids"]?.isPresent == true)
  }

  @Test("A field that turns up late is null before")
  func lateField() throws {
    let rows = try Rows(.text(#"{"id":1}"# + "\n" + #"{"id":2,"name":"x","x_late":5}"#))
    #expect(rows.records().first == ["id": .integer(1), "name": .null, "x_late": .null])
  }

  @Test("The form is told by what is written as search_read writes it")
  func form() throws {
    for (text, form) in [
      (#"{"id":1,"name":null,"district":5,"active":false}"#, SnapshotContents.Form.extract),
      (#"{"id":1,"name":false}"#, .searchRead), (#"{"id":1,"district":[5,"x"]}"#, .searchRead),
      (#"{"id":1,"reg_ids":false}"#, .searchRead),
    ] { #expect(try Rows(.text(text)).contents?.form == form) }
  }
}
