import Audit
import Fixtures
import Foundation
import JSONText
import Testing

/// A real browser without a screen, and a page in it.
struct Browser {
  private let folder: TemporaryFolder
  private var page: String { "file://\(folder("audit.html"))" }
  let html: String

  init(_ report: AuditReport) throws {
    var html = ""
    try AuditPage(report).write { html += $0 }
    try self.init(html: html)
  }

  init(html: String) throws {
    folder = try TemporaryFolder()
    self.html = html
    try folder.write(html, as: "audit.html")
  }

  /// The document as it stands after its script ran.
  func dom(_ fragment: String = "") throws -> String {
    try run(["--dump-dom", page + fragment]).output
  }

  /// The first bytes of a picture of the page.
  func picture() throws -> Data {
    try run(["--screenshot=\(folder("page.png"))", "--window-size=1280,900", page])
    return try Data(contentsOf: URL(filePath: folder("page.png")))
  }

  /// The addresses that the page asked for, and not the browser by itself.
  func requests() throws -> [String] {
    try run(["--log-net-log=\(folder("net.json"))", "--dump-dom", page])
    let log = try folder.read("net.json").split(separator: "\n")
    try #require(log.count > 100)
    return log.compactMap { line in
      let asked = line.firstMatch(of: /"initiator":"([^"]*)".*"url":"([^"]*)"/)
      return asked.flatMap { $0.1 == "not an origin" ? nil : String($0.2) }
    }
  }

  @discardableResult
  private func run(_ arguments: [String]) throws -> Tool.Result {
    let common = [
      "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
      "--disable-background-networking", "--disable-component-update", "--disable-extensions",
      "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND",
      "--user-data-dir=\(folder("profile"))",
    ]
    let result = try Tool.run("chromium", common + arguments)
    try #require(result.status == 0, "\(result.errors)")
    return result
  }
}
