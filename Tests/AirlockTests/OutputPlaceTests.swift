import Fixtures
import Foundation
import Testing

/// The place that an archive is opened into, by the program itself.
@Suite struct OutputPlaceTests {
  let site: TestSite

  init() throws {
    site = try TestSite()
    try site.folder.write("[]", as: "drop.json")
    try FileManager.default.createDirectory(
      atPath: site.folder("sealed"), withIntermediateDirectories: false)
    try site.ok(
      "seal", site.folder("drop.json"), "--kind", "job", "--to", site.folder("mts/mts.card.json"),
      "--into", site.folder("sealed"), "--root", site.root)
  }

  private func open(_ archive: String, into place: String) throws -> Tool.Result {
    try TestSite.airlock([
      "open", archive, "--kind", "job", "--into", place, "--identity",
      site.folder("mts/identity.json"),
    ])
  }

  @Test("fault 57: an output that exists, is a link, or is the input is left as it is")
  func takenPlaces() throws {
    let archive = try #require(try sealed())
    let before = try Data(contentsOf: URL(filePath: archive))
    try FileManager.default.createSymbolicLink(
      atPath: site.folder("link"), withDestinationPath: site.folder("elsewhere"))
    for place in [archive, site.folder("link"), site.folder("drop.json"), site.folder("mts")] {
      let result = try open(archive, into: place)
      #expect(result.status == 2, "\(place): \(result.errors)")
      #expect(result.errors.contains("is not an empty folder"), "\(result.errors)")
    }
    #expect(try Data(contentsOf: URL(filePath: archive)) == before)
    #expect(!FileManager.default.fileExists(atPath: site.folder("elsewhere")))
  }

  private func sealed() throws -> String? {
    let names = try FileManager.default.subpathsOfDirectory(atPath: site.folder("sealed"))
    return names.first { $0.hasSuffix(".sealed") }.map { site.folder("sealed/\($0)") }
  }

  @Test("fault 57: in a folder that all may write to, what is opened is its owner's alone")
  func sharedFolder() throws {
    let archive = try #require(try sealed())
    try FileManager.default.createDirectory(
      atPath: site.folder("shared"), withIntermediateDirectories: false)
    try Tool.run("chmod", ["1777", site.folder("shared")])
    let result = try open(archive, into: site.folder("shared/out"))
    #expect(result.status == 0, "\(result.errors)")
    let modes = try Tool.run("find", [site.folder("shared/out"), "-perm", "/077"])
    #expect(modes.output.isEmpty, "\(modes.output)")
  }
}
