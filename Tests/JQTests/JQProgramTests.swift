import Faults
import Testing

@testable import JQ

struct JQProgramTests {
  @Test(
    "Expressions as people give them to the MTS compile, and none is run",
    arguments: [
      ".", "{vid: .output.vid, id: .input.id}", ".output | del(.errorMessage)", "[.output.vid]",
      "if .output.status == \"processed\" then .output else empty end", "$ENV.HOME",
      "input_filename",
      "def f: .a; f // \"x\"", "# a remark\n.output", "while(true; .)", "\"é😀\"",
      "[limit(3; repeat(1))]",
    ])
  func compiles(expression: String) throws {
    #expect(try JQProgram(expression).expression == expression)
  }

  @Test(
    "What is no expression is refused, by its class and its line",
    arguments: [
      ("{", "bad_jq"), (".a b", "bad_jq"), (".a |\n| .b", "bad_jq"), ("1/0", "bad_jq"),
      ("\"\\(1;2)\"", "bad_jq"), ("foo", "unknown_jq_function"), ("$x", "unknown_jq_function"),
      ("foo(1; 2)", "unknown_jq_function"), ("", "jq_empty"), (" \n", "jq_empty"),
      (".\u{0}; rm", "bad_jq"), ("import \"a\" as a; .", "jq_module"),
      ("include \"a\"; .", "jq_module"),
      ("import \"/etc/passwd\" as $a; .", "jq_module"),
      ("import \"a\" as a {search: \"/tmp\"}; .", "jq_module"), (";", "bad_jq"),
    ])
  func refused(expression: String, code: String) {
    let fault = #expect(throws: JQFault.self) { try JQProgram(expression) }
    #expect(fault?.code == code)
  }

  @Test("The message names the line and the function, and quotes nothing of the expression")
  func message() {
    let fault = #expect(throws: JQFault.self) { try JQProgram(".a |\n\n frobnicate(1)") }
    #expect(fault?.message.contains("frobnicate/1, line 3") == true)
    let secret = #expect(throws: JQFault.self) { try JQProgram("\"4437540383498961\" }") }
    #expect(secret?.description.contains("4437") == false)
  }

  @Test("Nothing is run: what would kill libjq, or never end, compiles")
  func neverRun() throws {
    for expression in ["1e19 % (0-1)", "def f: def g: f; g; f", "repeat(.)", "halt_error", "input"]
    {
      #expect(try JQProgram(expression).expression == expression)
    }
  }

  @Test(
    "The largest and the deepest expressions end soon, in an answer or in a fault",
    arguments: [
      ("(", ".", ")", 32_767), ("[", ".", "]", 32_767), ("", ".", "?", 65_535),
      ("-", "1", "", 65_535),
      ("label $x | ", ".", "", 5_957), ("reduce . as $x (.;", ".", ")", 3_449),
      ("\"\\(", ".", ")\"", 13_107),
      ("def f: .; ", ".", "", 6_553), (". as [$a] ?// {a:$a} | ", ".", "", 2_849),
      ("if . then 1 else ", "2", " end", 3_120),
    ])
  func bounded(open: String, inner: String, close: String, times: Int) throws {
    let text =
      String(repeating: open, count: times) + inner + String(repeating: close, count: times)
    #expect(text.utf8.count <= JQProgram.longest)
    let clock = ContinuousClock()
    let taken = clock.measure {
      do throws(JQFault) { _ = try JQProgram(text) } catch { #expect(error.blame == .input) }
    }
    #expect(taken < .seconds(30))
  }

  @Test("More than 64 KiB is not looked at")
  func tooLong() {
    let fault = #expect(throws: JQFault.self) {
      try JQProgram(String(repeating: " ", count: 65_536) + ".")
    }
    #expect(fault?.code == "jq_too_long")
  }
}
