import Fixtures
import Foundation
import Language
import Testing

/// Expressions as Python's `re.match` takes them.
@Suite struct ValidationPatternTests {
  private static func matches(_ pattern: String, _ value: String) throws -> Bool {
    let pattern = try ValidationPattern(pattern)
    return Array(value.utf8).withUnsafeBufferPointer { pattern.matches($0) }
  }

  @Test(
    "An expression begins at the value's first character and ends wherever it ends",
    arguments: [
      ("^[0-9]{16}$", "4126162436616973", true), ("^[0-9]{16}$", "412616243661697", false),
      ("^[0-9]{16}$", "41261624366169731", false), ("[0-9]{16}", "41261624366169731", true),
      ("[0-9]{3}", "x123", false), ("\\d+", "1x", true), ("\\d+$", "1x", false),
      ("(?:VID-)?\\d{4}\\Z", "VID-1234", true), ("(?P<a>[A-Z]|[0-9]{2})$", "12", true),
      ("^(?![01])\\d{4}$", "0123", false), ("^(?![01])\\d{4}$", "2123", true),
      ("^(?=.*[A-Z])\\w+$", "12a4", false), ("^(?=.*[A-Z])\\w+$", "12A4", true),
      ("(?i)^abc$", "AbC", true), ("a{,2}$", "aaa", false), ("a{2,}$", "aaaa", true),
      ("a{}", "a{}", true), ("x{a}", "x{a}", true), ("[]x]$", "]", true), ("[^]x]$", "]", false),
      ("[a-]$", "-", true), ("[\\d-]+$", "1-2", true), ("\\x41\\u0042$", "AB", true),
      ("(a*)*$", "aaab", false), ("(|a)+$", "aa", true), ("a|b|", "c", true),
      ("\\b12\\b", "12-", true), ("\\b12\\b", "123", false), ("a+?$", "aa", true),
      ("é", "e", false),
      ("[ក-អ]|1", "1", true), ("^.{3}$", "abc", true), ("a(?#why)b", "ab", true),
    ])
  func matching(pattern: String, value: String, isMatch: Bool) throws {
    #expect(try Self.matches(pattern, value) == isMatch)
  }

  @Test(
    "What is not surely understood is a fault, never half honoured",
    arguments: [
      "(", ")", "[", "[0-9", "*a", "a**", "a{2}{3}", "a++", "(a)\\1", "(?<=a)b", "(?>a)", "(?x)a b",
      "\\q", "{2}", "a|{2}", "a{3,2}", "[9-0]", "[\\d-z]", "(?(1)a)", "\\", "a{99999999}", "^*",
      "(?i)é", "\\p{L}",
      "((((((a{90}){90}){90}){90}){90}){90})", "(((){1000}){1000}){1000}",
      String(repeating: "(", count: 60) + String(repeating: ")", count: 60),
      String(repeating: "a", count: 1_001), "(?=(?=a))",
    ])
  func unclear(pattern: String) {
    #expect(throws: ValidationPattern.Problem.self) { try ValidationPattern(pattern) }
  }

  @Test(
    "fault 131: no expression makes one value cost more than a moment",
    arguments: ["(a+)+$", "(a|aa)+$", "(.*)*x", "(a?){300}a{200}$", "(?!(a|a)*$)(a|b|ab)*c"])
  func bounded(pattern: String) throws {
    let value = String(repeating: "a", count: 5_000) + "!"
    let start = ContinuousClock.now
    #expect(try !Self.matches(pattern, value))
    #expect(ContinuousClock.now - start < .seconds(20))
  }

  @Test("fault 131: made-up expressions and values: the same answer as Python's, each time")
  func python() throws {
    var generator = SystemRandomNumberGenerator()
    var state = generator.next() as UInt64
    print("seed \(state)")
    func pick(_ count: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % count
    }
    let parts = [
      "a", "b", "1", "0", ".", "\\d", "\\w", "[ab]", "[^a]", "[0-9]", "(a|1)", "(?:b|)", "^", "$",
      "\\b", "\\B", "|", "*", "+", "?", "{2}", "{1,3}", "{,2}", "(?=a)", "(?!1)", "(", ")", "-",
    ]
    let values = (0..<40).map { _ in
      String((0...pick(6)).map { _ in Array("ab10-")[pick(5)] })
    }
    let patterns = (0..<1_500).map { _ in
      (0...pick(5)).map { _ in parts[pick(parts.count)] }.joined()
    }
    let folder = try TemporaryFolder()
    let script = """
      import json, re, sys, warnings
      warnings.simplefilter("ignore")
      patterns, values = json.load(open("asked.json"))
      def ask(p):
          try: r = re.compile(p)
          except Exception: return None
          return [bool(r.match(v)) for v in values]
      json.dump([ask(p) for p in patterns], open("answers.json", "w"))
      """
    try folder.write(script, as: "ask.py")
    let asked = try JSONSerialization.data(withJSONObject: [patterns, values])
    try folder.write(String(decoding: asked, as: UTF8.self), as: "asked.json")
    let result = try Tool.run("python3", ["ask.py"], in: folder.path)
    try #require(result.status == 0, "\(result.errors)")
    let data = Data(try folder.read("answers.json").utf8)
    let answers = try #require(JSONSerialization.jsonObject(with: data) as? [Any])
    var compared = 0
    for (pattern, answer) in zip(patterns, answers) {
      let wanted = answer as? [Bool]
      guard let ours = try? ValidationPattern(pattern) else { continue }
      // An expression that Python refuses must not be honoured; some that it takes we refuse.
      let answers = try #require(wanted, "\(pattern) is none of Python's")
      for (value, isMatch) in zip(values, answers) {
        let found = Array(value.utf8).withUnsafeBufferPointer { ours.matches($0) }
        #expect(found == isMatch, "\(pattern) on \(value)")
        compared += 1
      }
    }
    #expect(compared > 5_000)
  }
}
