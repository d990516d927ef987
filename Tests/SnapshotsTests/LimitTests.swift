import Testing

@testable import Snapshots

/// What a record may cost.
struct LimitTests {
  private func code(_ text: String, _ change: (inout SnapshotLimits) -> Void) throws -> String {
    var limits = SnapshotLimits()
    change(&limits)
    return try #require(throws: SnapshotFault.self) { try Rows(.text(text), limits: limits) }.code
  }

  @Test("A record beyond the limit is refused, in lines and in an array, ended or not")
  func recordBytes() throws {
    let record = #"{"id":1,"name":"\#(String(repeating: "x", count: 300_000))"}"#
    for text in [record, record + "\n", "[\(record)]", "[\(record.dropLast())"] {
      #expect(
        try code(text) {
          $0.recordBytes = 100_000; $0.recordValues = 1_000
          $0.batchBytes = 1_000
        } == "too_large")
    }
  }

  @Test("A record of a million tiny values is refused before it is parsed")
  func recordValues() throws {
    let list = [String](repeating: "1", count: 200_000).joined(separator: ",")
    #expect(try code(#"{"id":1,"x":[\#(list)]}"#) { $0.recordValues = 100_000 } == "too_large")
  }

  @Test("Deep nesting is refused")
  func depth() throws {
    let deep = String(repeating: "[", count: 1_000_000)
    #expect(try code(#"{"id":1,"x":\#(deep)"#) { _ in } == "too_deep")
    #expect(try code(#"{"id":1,"x":[[[1]]]}"#) { $0.depth = 3 } == "too_deep")
  }

  @Test("More fields than the limit are refused")
  func fields() throws {
    let fields = (1...1_001).map { #""f\#($0)":1"# }.joined(separator: ",")
    #expect(try code("{\(fields)}") { _ in } == "too_many_fields")
  }

  @Test("A large record does not keep its memory", .timeLimit(.minutes(1)))
  func largeAndSmall() throws {
    let large = #"{"id":1,"comment":"\#(String(repeating: "x", count: 8 << 20))"}"#
    let rows = try Rows(.text(large + "\n" + #"{"id":2,"name":"small"}"#))
    #expect(rows.records().count == 2)
    #expect(rows.records()[1]["name"] == .text("small"))
  }
}
