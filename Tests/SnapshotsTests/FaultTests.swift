import Faults
import Testing

@testable import Snapshots

/// Each way in which a snapshot can be wrong: what is said, and where.
struct FaultTests {
  @Test("A linked record that is renamed while it is exported is no reason to refuse")
  func twoNames() throws {
    let text = #"[{"id": 1, "kind": [3, "Old"]}, {"id": 2, "kind": [3, "New"]}]"#
    #expect(try Rows(.text(text)).records().count == 2)
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let text: String
    let code: String
    let place: String

    init(_ text: String, _ code: String, _ place: String) {
      (self.text, self.code, self.place) = (text, code, place)
    }

    var testDescription: String { "\(code): \(text.prefix(60))" }
  }

  static let lines = [
    Case(#"{"id":1}"# + "\n{oops}", "not_json", "drop.json, line 2, column 1"),
    Case(#"{"id":1,"name":"é","x":tru}"# + "\n", "not_json", "drop.json, line 1, column 24"),
    Case(#"{"id":1}"# + "\n" + #"{"id":2,"na"#, "cut_short", "drop.json, line 2"),
    Case(#"{"id":1} {"id":2}"# + "\n", "not_json", "drop.json, line 1, column 10"),
    Case(#"{"id":1,"name":7}"#, "wrong_type", "drop.json, line 1, column 16 (/name)"),
    Case(#"{"id":1,"color":"7"}"#, "wrong_type", "drop.json, line 1, column 17 (/color)"),
    Case(#"{"id":1,"color":7.5}"#, "wrong_type", "drop.json, line 1, column 17 (/color)"),
    Case(#"{"id":1,"color":true}"#, "wrong_type", "drop.json, line 1, column 17 (/color)"),
    Case(#"{"id":1,"income":"1"}"#, "wrong_type", "drop.json, line 1, column 18 (/income)"),
    Case(#"{"id":1,"active":1}"#, "wrong_type", "drop.json, line 1, column 18 (/active)"),
    Case(#"{"id":1,"active":"no"}"#, "wrong_type", "drop.json, line 1, column 18 (/active)"),
    Case(
      #"{"id":1,"birthdate":"1976-13-01"}"#, "bad_date", "drop.json, line 1, column 21 (/birthdate)"
    ),
    Case(
      #"{"id":1,"birthdate":"2023-02-29"}"#, "bad_date", "drop.json, line 1, column 21 (/birthdate)"
    ),
    Case(
      #"{"id":1,"birthdate":20230228}"#, "wrong_type", "drop.json, line 1, column 21 (/birthdate)"),
    Case(
      #"{"id":1,"disabled":"2023-02-28"}"#, "bad_date", "drop.json, line 1, column 20 (/disabled)"),
    Case(
      #"{"id":1,"disabled":"2023-02-28 24:00:00"}"#, "bad_date",
      "drop.json, line 1, column 20 (/disabled)"),
    Case(
      #"{"id":1,"district":"Kandal"}"#, "wrong_type", "drop.json, line 1, column 20 (/district)"),
    Case(#"{"id":1,"district":[1,2,3]}"#, "wrong_type", "drop.json, line 1, column 20 (/district)"),
    Case(#"{"id":1,"district":[0,"x"]}"#, "bad_id", "drop.json, line 1, column 21 (/district/0)"),
    Case(
      #"{"id":1,"tags_ids":[1,"x"]}"#, "wrong_type", "drop.json, line 1, column 23 (/tags_ids/1)"),
    Case(
      #"{"id":1,"tags_ids":[{"color":1}]}"#, "wrong_type",
      "drop.json, line 1, column 21 (/tags_ids/0)"),
    Case(
      #"{"id":1,"tags_ids":[[6,0,[1]]]}"#, "wrong_type",
      "drop.json, line 1, column 21 (/tags_ids/0)"),
    Case(#"{"id":1,"tags_ids":7}"#, "wrong_type", "drop.json, line 1, column 20 (/tags_ids)"),
    Case(#"{"id":1,"name":"a\u0000b"}"#, "bad_text", "drop.json, line 1, column 16 (/name)"),
    Case(#"{"id":1,"name":"\ud800"}"#, "not_json", "drop.json, line 1, column 16"),
    Case(
      #"{"id":1,"color":18446744073709551615}"#, "out_of_range",
      "drop.json, line 1, column 17 (/color)"),
    Case(#"{"id":1,"color":99999999999999999999}"#, "out_of_range", "drop.json, line 1, column 17"),
    Case(#"{"id":1,"income":1e400}"#, "out_of_range", "drop.json, line 1, column 18"),
    Case(#"{"name":"x"}"#, "missing_id", "drop.json, line 1, column 1"),
    Case(#"{"id":false}"#, "wrong_type", "drop.json, line 1, column 7 (/id)"),
    Case(#"{"id":-4}"#, "bad_id", "drop.json, line 1, column 7 (/id)"),
    Case(#"{"id":0}"#, "bad_id", "drop.json, line 1, column 7 (/id)"),
    Case(#"{"id":"4"}"#, "wrong_type", "drop.json, line 1, column 7 (/id)"),
    Case(
      #"{"id":1,"name":"a","name":"b"}"#, "duplicate_key", "drop.json, line 1, column 20 (/name)"),
    Case(
      #"{"id":1,"name":"a","\u006eame":"b"}"#, "duplicate_key",
      "drop.json, line 1, column 20 (/name)"),
    Case(#"{"id":1,"first name":"a"}"#, "bad_field_name", "drop.json, line 1, column 9"),
    Case(#"{"id":1,"x\"; drop":"a"}"#, "bad_field_name", "drop.json, line 1, column 9"),
    Case(
      #"{"id":1,"Name":"a","name":"b"}"#, "bad_field_name", "drop.json, line 1, column 20 (/name)"),
    Case(
      "[" + #"{"id":1}"# + ",\n" + #"{"id":2,"color":"x"}]"#, "wrong_type",
      "drop.json, record 2 (/color)"),
    Case(#"[{"id":1},]"#, "not_json", "drop.json, record 2"),
    Case(#"[{"id":1}"#, "cut_short", "drop.json, record 1"),
    Case(#"[{"id":1},{"id":"#, "cut_short", "drop.json, record 2"),
    Case(#"[{"id":1}] x"#, "not_json", "drop.json"),
    Case(#"[{"id":1}}"#, "not_json", "drop.json, record 1"),
    Case(#"[1]"#, "wrong_type", "drop.json, record 1"),
    Case("", "empty_file", "drop.json"),
    Case(" \n\r\n", "empty_file", "drop.json"),
    Case("hello there", "not_json", "drop.json"),
    Case(#"{"jsonrpc":"2.0","id":1,"error":{"code":200}}"#, "error_answer", "drop.json"),
    Case(#"{"jsonrpc":"2.0","result":{"length":1}}"#, "not_json", "drop.json"),
    Case(#"{"jsonrpc":"2.0","result":[{"id":1}]"#, "cut_short", "drop.json"),
  ]

  @Test("A wrong record is refused, with its place", arguments: lines)
  func refused(_ one: Case) throws {
    let fault = try #require(throws: SnapshotFault.self) { try Rows(.text(one.text)) }
    #expect(fault.code == one.code)
    #expect(fault.message.hasPrefix(one.place + ":"), "\(fault.message)")
  }

  static let nested = [
    Case(#"[{"id":3,"value":7}]"#, "wrong_type", "(/reg_ids/0/value)"),
    Case(#"[{"id":3},{"value":"x"}]"#, "missing_id", "(/reg_ids/1)"),
    Case(#"[{"id":3,"partner_id":9}]"#, "contradicting_parent", "(/reg_ids/0)"),
    Case(#"[{"id":3},4]"#, "wrong_type", "(/reg_ids/1)"),
    Case(#"[4,{"id":3}]"#, "wrong_type", "(/reg_ids/1)"),
    Case(#"[{"id":3,"expiry_date":"soon"}]"#, "bad_date", "(/reg_ids/0/expiry_date)"),
  ]

  @Test("A wrong nested record is refused, with its pointer", arguments: nested)
  func nestedRefused(_ one: Case) throws {
    let text = #"{"id":1,"reg_ids":\#(one.text)}"#
    let fault = try #require(throws: SnapshotFault.self) { try Rows(.text(text)) }
    #expect(fault.code == one.code)
    #expect(fault.message.contains(one.place + ":"), "\(fault.message)")
  }

  @Test("Ids in one record and whole records in another are refused")
  func mixedLines() throws {
    let text = #"{"id":1,"reg_ids":[5]}"# + "\n" + #"{"id":2,"reg_ids":[{"id":6,"value":"V"}]}"#
    let fault = try #require(throws: SnapshotFault.self) { try Rows(.text(text)) }
    #expect(fault.code == "mixed_lines")
    #expect(fault.message.hasPrefix("drop.json, line 2, column 19 (/reg_ids):"))
  }

  @Test("No fault repeats a value")
  func tellsNoValues() throws {
    for value in [#""Secret Person""#, #"["Secret Person"]"#, #"{"Secret Person":1}"#] {
      for field in ["color", "active", "birthdate", "district", "tags_ids", "income", "id"] {
        let text = field == "id" ? #"{"id":\#(value)}"# : #"{"id":1,"\#(field)":\#(value)}"#
        let fault = try #require(throws: SnapshotFault.self) { try Rows(.text(text)) }
        #expect(!fault.description.contains("Secret"), "\(fault)")
      }
    }
  }

  @Test("Every prefix of a good array is refused as cut, and none is taken")
  func everyPrefix() throws {
    let text = #"[{"id":1,"name":"é\n"},{"id":2,"reg_ids":[{"id":3,"value":"V"}]}]"#
    for count in 1..<text.utf8.count {
      let cut = String(decoding: text.utf8.prefix(count), as: UTF8.self)
      #expect(throws: SnapshotFault.self) { try Rows(.text(cut)) }
    }
  }
}
