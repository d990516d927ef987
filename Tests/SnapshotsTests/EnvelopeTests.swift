import Language
import Testing

@testable import Snapshots

/// Records inside answers, in whatever order an answer's members stand; and what is no answer of
/// records.
struct EnvelopeTests {
  private static let ana = #"{"id":1,"name":"a","given_name":"Ana"}"#
  private static let ben = #"{"id":2,"name":"]},{","given_name":"Ben"}"#
  private static let both = "[\(ana), \(ben)]"

  static let answers = [
    #"{"id": 1, "jsonrpc": "2.0", "result": \#(both)}"#,
    #"{"result": \#(both), "jsonrpc": "2.0", "id": 1}"#,
    "{\n \"id\": null,\n \"result\": \(both),\n \"jsonrpc\": \"2.0\"\n}\n",
    #"{"length": 2, "records": \#(both)}"#, #"{"records": \#(both), "length": 2}"#,
    #"{"jsonrpc": "2.0", "id": 3, "result": {"length": 2, "records": \#(both)}}"#,
    #"{"result": {"records": \#(both), "length": 2}, "id": 3, "jsonrpc": "2.0"}"#,
    #"[{"jsonrpc": "2.0", "result": [\#(ana)]}, {"result": [\#(ben)], "id": 2}]"#,
    #"{"jsonrpc": "2.0", "result": [\#(ana)]}"# + "\n"
      + #"{"result": [\#(ben)], "jsonrpc": "2.0"}"#,
    "{\n  \"id\": 1,\n  \"name\": \"a\",\n  \"given_name\": \"Ana\"\n}\n\(ben)\n",
    "[\n  \(ana),\n  \(ben)\n]",
  ]

  @Test("Every envelope gives its records, whatever pieces it comes in", arguments: answers)
  func records(_ text: String) throws {
    for (piece, batch) in [(1, 1), (7, 20), (.max, 1 << 20)] {
      var limits = SnapshotLimits()
      limits.batchBytes = batch
      let records = try Rows(.text(text, piece: piece), limits: limits).records()
      #expect(records.map { $0["given_name"] } == [.text("Ana"), .text("Ben")])
    }
    #expect(try DropForm.tell(.text(text)) == .registry(nil))
  }

  @Test("An envelope after a list of any length is read at its end")
  func tail() throws {
    let many = (1...5_000).map { #"{"id":\#($0),"given_name":"x"}"# }.joined(separator: ",")
    #expect(try Rows(.text(#"{"result":[\#(many)],"id":1}"#)).records().count == 5_000)
    let cut = #"{"records":[\#(many)],"length":9000}"#
    #expect(code(cut) == "one_page")
    let error =
      #"{"result":[\#(many)],"error":{"code":200,"data":{"name":"odoo.exceptions.AccessError"}}}"#
    #expect(code(error) == "error_answer")
  }

  private func code(_ text: String) -> String? {
    do {
      _ = try Rows(.text(text))
      return nil
    } catch { return (error as? SnapshotFault)?.code }
  }

  static let refused: [(String, String)] = [
    (#"{"jsonrpc": "2.0", "id": 1, "error": {"code": 200, "message": "SECRET"}}"#, "error_answer"),
    (
      #"{"error": {"data": {"name": "builtins.ValueError", "debug": "SECRET"}}, "id": 1}"#,
      "error_answer"
    ),
    (#"[{"jsonrpc": "2.0", "id": 1, "error": {"message": "SECRET"}}]"#, "error_answer"),
    (#"[{"result": [\#(ana)]}, {"error": {"message": "SECRET"}}]"#, "error_answer"),
    (#"{"jsonrpc": "2.0", "result": [7, 8]}"#, "not_json"),
    (#"{"jsonrpc": "2.0", "result": {"uid": 2}}"#, "not_json"),
    (#"{"datas": [["7", "SECRET"]]}"#, "rows_without_names"),
    (#"{"jsonrpc": "2.0", "result": {"datas": [["7", "SECRET"]]}}"#, "rows_without_names"),
    (#"[[7, "SECRET"], [8, "SECRET"]]"#, "rows_without_names"),
    (#"{"columns": ["id"], "index": [0], "data": [[7]]}"#, "not_by_record"),
    (#"{"id": {"0": 7}, "given_name": {"0": "SECRET"}}"#, "not_by_record"),
    (#"{"0": {"id": 7, "given_name": "SECRET"}}"#, "not_by_record"),
    (#"{"schema": {"fields": []}, "data": [{"id": 7}]}"#, "not_by_record"),
    (#"{"before": null, "after": {"id": 7}, "op": "c"}"#, "not_registry_data"),
    (#"{"payload": {"after": {"id": 7}, "op": "u"}, "schema": {}}"#, "not_registry_data"),
    (#"[{"gender": "female", "gender_count": 1, "__domain": []}]"#, "not_registry_data"),
    (#"{"length": 1, "groups": [{"gender": "female"}]}"#, "not_registry_data"),
    (#"{"count": 1, "next": null, "results": [{"_id": 12}]}"#, "not_registry_data"),
    (
      #"[{"id": 7, "given_name": "A", "ids": [{"id_type": "MOSIP VID", "value": "SECRET"}]}]"#,
      "not_registry_data"
    ),
    (#"[{"instanceId": "uuid:1", "submitterId": 5}]"#, "not_registry_data"),
    (
      #"{"value": [{"__id": "e", "label": "SECRET", "__system": {"creatorId": "1"}}]}"#,
      "not_registry_data"
    ),
    (
      #"{"value": [{"__id": "e"}], "@odata.context": "https://c/v1/datasets/p.svc/$metadata#Entities"}"#,
      "not_registry_data"
    ),
    (#"{"value": [{"__Submissions-id": "uuid:1", "__id": "k"}]}"#, "not_registry_data"),
  ]

  @Test("What holds no records is refused by what it is, and without a value", arguments: refused)
  func refusal(_ text: String, _ code: String) throws {
    let fault = try #require(throws: SnapshotFault.self) {
      _ = try DropForm.tell(.text(text))
      _ = try Rows(.text(text))
    }
    #expect(fault.code == code)
    #expect(!fault.message.contains("SECRET") && fault.hint != nil)
  }

  @Test("An error answer tells the server's class of error, wherever it stands")
  func errorClass() throws {
    let text =
      #"{"id": 1, "error": {"data": {"name": "odoo.exceptions.AccessError"}, "code": 200}}"#
    let fault = try #require(throws: SnapshotFault.self) { try Rows(.text(text)) }
    #expect(fault.message.hasSuffix("odoo.exceptions.AccessError, code 200"))
    let odd = #"{"id": 1, "error": {"data": {"name": "Ana Doe 412"}}}"#
    let other = try #require(throws: SnapshotFault.self) { try Rows(.text(odd)) }
    #expect(!other.message.contains("Ana"))
  }

  @Test("Links of web_read are read as what they are: by id, with their names")
  func webRead() throws {
    let text =
      #"[{"id":7,"district":{"id":3,"display_name":"North"},"tags_ids":[{"id":2,"display_name":"PWD","color":1}],"reg_ids":[{"id":70,"id_type":{"id":1,"display_name":"MOSIP VID"},"value":"V"}],"x_area":{"id":5,"display_name":"East"},"parent_id":false}]"#
    let rows = try Rows(.text(text))
    #expect(rows.records().first?["district"] == .integer(3))
    #expect(rows.names["g2p.district"] == [3: "North"])
    #expect(rows.lists["res.partner/tags_ids"] == [[7, 2]])
    #expect(rows.names["g2p.registrant.tags"] == [2: "PWD"])
    #expect(rows.records("g2p.reg.id").first?["value"] == .text("V"))
    #expect(rows.names["g2p.id.type"] == [1: "MOSIP VID"])
    #expect(rows.records().first?["x_area"] == .integer(5) && rows.type(of: "x_area") == .many2one)
  }

  @Test("Lines that web_read gives as mere links are ids, and no records without values")
  func bareLines() throws {
    let text = #"[{"id":7,"reg_ids":[{"id":70},{"id":71,"display_name":"x"}]}]"#
    let rows = try Rows(.text(text))
    #expect(rows.lists["res.partner/reg_ids"] == [[7, 70], [7, 71]])
    #expect(rows.records("g2p.reg.id").isEmpty)
  }

  @Test("Objects over several lines are cut at their ends, and one that is cut is told by its line")
  func pretty() throws {
    let cut = "{\n \"id\": 1\n}\n{\n \"id\": 2,\n"
    let fault = try #require(throws: SnapshotFault.self) { try Rows(.text(cut)) }
    #expect(fault.code == "cut_short" && fault.spot?.line == 4)
    #expect(code("{\n \"id\": 1\n}\n7") == "not_json")
  }
}
