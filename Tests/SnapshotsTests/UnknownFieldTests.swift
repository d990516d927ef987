import Language
import Testing

@testable import Snapshots

/// Fields that nobody described: their type is read off all their values.
struct UnknownFieldTests {
  static let types: [([String], FieldType)] = [
    (["\"a\"", "false", "null"], .char),
    (["false", "\"a\""], .char),
    (["1", "2"], .integer), (["false", "7"], .integer), (["7", "false"], .integer),
    (["1", "2.5"], .float), (["2.5"], .float), (["18446744073709551615"], .float),
    (["false", "false"], .boolean), (["true", "false", "null"], .boolean),
    (["[3,\"x\"]", "false"], .many2one), (["[3,4]", "[]", "false"], .many2many),
    (["[]"], .many2many), (["null"], .char),
    (["1", "\"a\""], .other), (["true", "1"], .other), (["true", "\"a\""], .other),
    (["{}"], .other), (["[{\"id\":1}]"], .other), (["[1]", "5"], .other),
    (["[\"a\"]"], .other), (["[3,\"x\"]", "3"], .other),
  ]

  private func rows(_ values: [String]) throws -> Rows {
    let lines = values.enumerated().map { #"{"id":\#($0 + 1),"x_new":\#($1)}"# }
    return try Rows(.text(lines.joined(separator: "\n")))
  }

  @Test("The type is that of all values together", arguments: types)
  func type(_ values: [String], _ type: FieldType) throws {
    #expect(try rows(values).type(of: "x_new") == type)
  }

  @Test("False means unset as soon as another kind of value comes")
  func falseIsUnset() throws {
    #expect(
      try rows(["false", "\"a\"", "false"]).records().map { $0["x_new"] } == [
        .null, .text("a"), .null,
      ])
    #expect(try rows(["false", "0"]).records().map { $0["x_new"] } == [.null, .integer(0)])
    #expect(
      try rows(["true", "false"]).records().map { $0["x_new"] } == [.integer(1), .integer(0)])
  }

  @Test("Booleans among others are spelled out")
  func spelled() throws {
    let rows = try rows(["true", "false", "\"a\"", "true", "{\"a\":[1,2.5,\"\\n\"]}"])
    #expect(
      rows.records().map { $0["x_new"] } == [
        .json("true"), .json("false"), .text("a"), .json("true"),
        .json(#"{"a":[1,2.5,"\u000a"]}"#),
      ])
    #expect(rows.contents?.tables[0].columns[1].ending == .json(hasList: false))
  }

  @Test("A model without a description is kept as well")
  func unknownModel() throws {
    let rows = try Rows(
      .tar(("res.partner.ndjson", #"{"id":1}"#), ("x.thing.ndjson", #"{"id":5,"a":1,"b":"x"}"#)))
    #expect(rows.records("x.thing") == [["id": .integer(5), "a": .integer(1), "b": .text("x")]])
    #expect(rows.contents?.catalog["x.thing"]?.origin == .inferred)
    #expect(rows.type(of: "a", in: "x.thing") == .integer)
  }
}
