import Files
import Fixtures
import Foundation
import Secrets
import Testing

@testable import Snapshots

/// `airlock check` over a snapshot: all is read, nothing is kept.
struct CheckerTests {
  @Test("The real exports are good")
  func fixtures() throws {
    for (file, count) in [
      ("search_read/res.partner.search_read.ndjson", 2_076),
      ("extract/res.partner.ndjson", 2_076), ("small/res.partner.search_read.json", 60),
      ("small/res.partner.jsonrpc_response.json", 60),
    ] {
      let source = SnapshotSource.path(Fixture.path(file), rules: .named(limit: .max))
      let report = try SnapshotChecker.check(source)
      #expect(report.counts == ["res.partner": count])
      #expect(report.contents.form == (file.hasPrefix("extract") ? .extract : .searchRead))
    }
  }

  @Test("The digest is that of the file's bytes, as b2sum gives it")
  func digest() throws {
    let path = Fixture.path("extract/res.partner.ndjson")
    let report = try SnapshotChecker.check(.path(path, rules: .named(limit: .max)))
    #expect(try Tool.run("b2sum", ["-l", "256", path]).output.hasPrefix(report.digest.hex + " "))
  }

  @Test("An id that stands twice is found, however far apart")
  func duplicates() throws {
    let ids = (1...300_000).map { #"{"id":\#($0),"is_group":false}"# } + [#"{"id":5}"#]
    let fault = try #require(throws: SnapshotFault.self) {
      try SnapshotChecker.check(.text(ids.joined(separator: "\n")))
    }
    #expect(fault.message == "drop.json, line 300001: the id 5 stands twice in res.partner")
  }

  @Test("A set of ids counts, and knows what it has seen")
  func idSet() {
    let set = IDSet()
    for id: Int64 in [1, 65_536, 65_535, .max, 64, 63] { #expect(set.insert(id)) }
    for id: Int64 in [1, 65_536, 65_535, .max, 64, 63] { #expect(!set.insert(id)) }
    #expect(set.count == 6 && set.contains(65_535) && !set.contains(2))
  }
}
