import Fixtures
import Foundation
import Testing

/// `contrib/export_snapshot.py` and `.sh`, run by their own tests over a PostgreSQL in a temporary
/// folder, and taken in by the program.
struct ExportToolTests {
  @Test("fault 42: a registry is exported whole, at one moment, and followed by deltas")
  func tool() throws {
    let result = try Tool.run(
      "/usr/bin/python3",
      [
        "-B", "-m", "unittest", "discover", "-v", "-p", "test_export_snapshot.py",
        Fixture.package + "/Tests/Contrib",
      ], environment: ["AIRLOCK": TestSite.products + "/airlock"])
    #expect(result.status == 0, "\(result.errors)")
    let ran = result.errors.split(separator: "\n").filter { $0.hasSuffix("... ok") }.count
    #expect(ran > 20)
  }
}
