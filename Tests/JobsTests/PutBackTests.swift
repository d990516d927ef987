import Files
import Fixtures
import Jobs
import Testing

/// A held drop on its way back, with a watcher that is faster than the operator.
struct PutBackTests {
  private static let endings = ["", ".minisig", ".verdict.json"]
  private let folder: TemporaryFolder
  private let site: Site

  init() throws {
    folder = try TemporaryFolder()
    site = try Site.layOut(root: folder("site"))
    for ending in Self.endings { try hold("x\(ending)", "old") }
  }

  private func hold(_ name: String, _ text: String) throws {
    try folder.write(text, as: "site/inbox/rejected/\(name)")
  }

  private func way() -> PutBack {
    PutBack(site, EntryName("x"), as: EntryName("x"))
  }

  private var held: [String] { folder.names("site/inbox/rejected") }

  @Test("What a watcher holds again under the same name, before the end of a retry, stays")
  func heldAgain() throws {
    try folder.write("newer", as: "site/inbox/x.minisig")
    var way = way()
    try way.prepare()
    try way.decide()
    for ending in Self.endings { try hold("x\(ending)", "new") }
    try way.tidy()
    #expect(held == Self.endings.map { "x\($0)" })
    for name in held { #expect(try folder.read("site/inbox/rejected/\(name)") == "new") }
    #expect(try folder.read("site/inbox/x.minisig") == "newer")
  }

  @Test("When the inbox has a file of the name by then, all is as it was")
  func restored() throws {
    var way = way()
    try way.prepare()
    try folder.write("other", as: "site/inbox/x")
    #expect(throws: FileFault.self) { try way.decide() }
    #expect(held == Self.endings.map { "x\($0)" })
    for name in held { #expect(try folder.read("site/inbox/rejected/\(name)") == "old") }
    #expect(!folder.names("site/inbox").contains("x.minisig"))
  }
}
