import Foundation
import Testing

/// `contrib/apply_registry_patch.py`, run by its own tests against a small registry.
struct PatchScriptTests {
  @Test func `fault 86: a patch is applied once, and what changed since does nothing`() throws {
    let folder = Vector.repository.appending(path: "Tests/Contrib").path
    let result = try Stock.run(
      "/usr/bin/python3",
      ["-B", "-m", "unittest", "discover", "-v", "-p", "test_apply_registry_patch.py", folder])
    #expect(result.status == 0, "\(result.output)")
    let ran = result.output.split(separator: "\n").filter { $0.hasSuffix("... ok") }.count
    #expect(ran > 15)
  }
}
