import Faults
import JSONText
import Testing

struct CursorTests {
  private func read(_ text: String) throws -> (String, Int64?) {
    var object = try JSONCursor(JSONDocument(parsing: text)).object()
    let name = try object.required("name").string()
    let limit = try object.optional("limit")?.integer(in: 1...10)
    try object.finish()
    return (name, limit)
  }

  @Test(
    "A document that is not what it should be says where and what",
    arguments: [
      ("{\"nam\": 1, \"name\": \"x\"}", "unknown_key", "/nam", "did you mean \"name\"?"),
      ("{}", "missing_key", "", nil),
      ("{\n \"name\": 5}", "wrong_type", "/name", nil),
      ("{\"name\": \"x\", \"limit\": 11}", "out_of_range", "/limit", nil),
      ("[]", "wrong_type", "", nil),
    ] as [(String, String, String, String?)])
  func faults(text: String, code: String, pointer: String, hint: String?) {
    let fault = #expect(throws: DocumentFault.self) { try read(text) }
    #expect(fault?.code == code)
    #expect(fault?.pointer == pointer)
    if let hint { #expect(fault?.hint == hint) }
  }

  @Test("Positions count lines and columns from 1, columns in scalars")
  func positions() {
    let fault = #expect(throws: DocumentFault.self) { try read("{\"name\": \"x\",\n \"é\": 1}") }
    #expect(fault?.position == TextPosition(line: 2, column: 2))
  }

  @Test("A key that may be a stray value is not shown")
  func strayValue() {
    let fault = #expect(throws: DocumentFault.self) {
      try read("{\"name\": \"x\", \"Jos\u{E9} Silva\": 1}")
    }
    #expect(fault?.message.contains("Silva") == false)
  }
}

struct WritingTests {
  @Test("The canonical form sorts keys by their bytes and has no white space")
  func canonical() {
    let json: JSON = ["b": [1, nil], "a": "x\"\\\n\u{7}é", "B": true]
    #expect(
      String(decoding: json.canonical(), as: UTF8.self)
        == #"{"B":true,"a":"x\"\\\n\u0007é","b":[1,null]}"#)
  }

  @Test("What is written can be read, and writes the same again")
  func roundTrip() throws {
    let json: JSON = ["k\u{202E}": ["\u{9B}", "\u{1F600}", -1], "z": ["": [:], "y": []]]
    for text in [json.pretty(), json.line(), String(decoding: json.canonical(), as: UTF8.self)] {
      let again = try JSONDocument(parsing: text).root.json
      #expect(again.canonical() == json.canonical())
    }
  }

  @Test("Nothing written can steer a terminal or turn text around")
  func harmless() {
    let json = JSON.string("\u{1B}[2J\u{9B}2J\u{202E}\u{7F}\u{2028}")
    #expect(json.line().unicodeScalars.allSatisfy { (0x20...0x7E).contains($0.value) })
  }

  @Test(
    "The nearest name is suggested, and no far one",
    arguments: [
      ("nmae", "name"), ("brithdate", "birthdate"), ("gendr", "gender"), ("xyz", nil), ("", nil),
    ] as [(String, String?)])
  func spelling(name: String, nearest: String?) {
    #expect(Spelling.nearest(to: name, among: ["name", "gender", "birthdate"]) == nearest)
  }
}
