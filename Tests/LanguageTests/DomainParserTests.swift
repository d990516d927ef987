import JSONText
import Testing

@testable import Language

struct DomainParserTests {
  private func parse(_ text: String) throws -> Domain {
    try DomainParser().parse(JSONCursor(JSONDocument(parsing: text)))
  }

  @Test(
    "A domain of the wrong shape is refused, with its place",
    arguments: [
      ("{}", "not_a_domain", ""), ("\"x\"", "not_a_domain", ""), ("[1]", "not_a_term", "/0"),
      ("[[]]", "not_a_term", "/0"), ("[[\"a\",\"=\"]]", "not_a_term", "/0"),
      ("[\"a\",\"=\",1]", "not_a_term", "/0"), ("[\"|\"]", "missing_operand", ""),
      ("[\"|\",[\"a\",\"=\",1]]", "missing_operand", ""),
      ("[[\"a\",\"=\",1],\"!\"]", "missing_operand", ""),
      ("[[\"a\",\"==\",1]]", "unknown_operator", "/0/1"),
      ("[[\"a\",\"ILIKE\",1]]", "unknown_operator", "/0/1"),
      ("[[\"a\",\"inselect\",1]]", "unknown_operator", "/0/1"),
      ("[[\"a\",5,1]]", "unknown_operator", "/0/1"), ("[[\"\",\"=\",1]]", "not_a_term", "/0/0"),
      ("[[1,\"=\",0]]", "not_a_term", "/0/0"), ("[[1,\"!=\",1]]", "not_a_term", "/0/0"),
      ("[[\"a\",\"any\",\"x\"]]", "not_a_domain", "/0/2"),
    ])
  func refused(text: String, code: String, pointer: String) {
    let fault = #expect(throws: DomainFault.self) { try parse(text) }
    #expect(fault?.code == code)
    #expect(fault?.pointer == pointer)
  }

  @Test(
    "Constants follow Python's equality",
    arguments: [
      ("[]", true), ("[[1,\"=\",1]]", true), ("[[true,\"=\",true]]", true),
      ("[[1.0,\"=\",1]]", true), ("[[0,\"=\",1]]", false), ("[[false,\"=\",1]]", false),
      ("[\"!\",[0,\"=\",1]]", true), ("[\"|\",[0,\"=\",1],[1,\"=\",1]]", true),
      ("[[\"x\",\"in\",[]]]", false), ("[[\"x\",\"not in\",[]]]", true),
      ("[[0,\"=\",1],[\"x\",\"=\",1]]", false), ("[[1,\"=\",1],[\"x\",\"=\",1]]", nil),
    ] as [(String, Bool?)])
  func constants(text: String, foregone: Bool?) throws {
    #expect(try parse(text).foregone == foregone)
  }

  @Test("Ten thousand operators in a row are read; nesting without end is refused, not a crash")
  func large() throws {
    let leaf = "[\"a\",\"=\",1]"
    let flat = Array(repeating: "\"|\"", count: 9_999) + Array(repeating: leaf, count: 10_000)
    #expect(throws: Never.self) { try parse("[\(flat.joined(separator: ","))]") }
    let nots = Array(repeating: "\"!\"", count: 10_001) + [leaf]
    #expect(throws: Never.self) { try parse("[\(nots.joined(separator: ","))]") }
    let deep = (0..<9_000).map { "\"\($0 % 2 == 0 ? "&" : "|")\",\(leaf)" } + [leaf]
    #expect(throws: DomainFault.self) { try parse("[\(deep.joined(separator: ","))]") }
    let many = Array(repeating: "\"|\"", count: 100_000) + Array(repeating: leaf, count: 100_001)
    #expect(throws: DomainFault.self) { try parse("[\(many.joined(separator: ","))]") }
  }

  @Test("An operator that is nearly one is put right by the hint")
  func hint() {
    let fault = #expect(throws: DomainFault.self) { try parse("[[\"a\",\"not_in\",[1]]]") }
    #expect(fault?.hint == "did you mean \"not in\"?")
  }
}
