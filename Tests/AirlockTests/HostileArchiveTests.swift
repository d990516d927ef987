import Fixtures
import Foundation
import Testing

/// Archives from a stranger, under the program itself.
@Suite struct HostileArchiveTests {
  let folder: TemporaryFolder
  /// A sound archive whose keys are known to all, `docs/archive-format.md` section 11.
  static let vectors = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../Vectors").standardized

  init() throws {
    folder = try TemporaryFolder()
    try copy("ok-small", as: "monthly-00000001.sealed")
  }

  private func copy(_ vector: String, as name: String) throws {
    for ending in ["", ".minisig"] {
      try FileManager.default.copyItem(
        at: Self.vectors.appending(path: vector + ".sealed" + ending),
        to: URL(filePath: folder(name + ending)))
    }
  }

  @Test("fault 55: inspect shows no terminal code, whatever stands in a header or a name")
  func inspectIsSafe() throws {
    try copy("header-stream-2", as: "codes.sealed")
    try copy("ok-small", as: "\u{1B}[31mred\u{9B}2J\u{202E}.sealed")
    for name in ["codes.sealed", "\u{1B}[31mred\u{9B}2J\u{202E}.sealed"] {
      for arguments in [["inspect"], ["inspect", "--json"], ["verify", "--root", folder.path]] {
        let result = try TestSite.airlock(arguments + [folder(name)])
        let shown = (result.output + result.errors).unicodeScalars
        #expect(shown.allSatisfy { $0 == "\n" || (0x20..<0x7F).contains($0.value) }, "\(name)")
        #expect(!shown.isEmpty)
      }
    }
  }

  @Test("fault 56: what only looks packed is no archive, and is not unpacked")
  func otherMagic() throws {
    try Tool.run("tar", ["-C", folder.path, "-cf", folder("a.tar"), "monthly-00000001.sealed"])
    try Tool.run("zstd", ["-q", folder("a.tar")])
    try folder.write("PK\u{3}\u{4}../../evil", as: "a.zip")
    let before = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    for name in ["a.tar", "a.tar.zst", "a.zip"] {
      let result = try TestSite.airlock(["inspect", folder(name)])
      #expect(result.status != 0 && result.errors.contains("not an Airlock archive"))
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == before)
  }

  @Test(
    "fault 57: a closed standard output, or one that nobody reads, is no crash",
    arguments: [
      "inspect ARCHIVE >&-", "inspect ARCHIVE | true", "inspect --json ARCHIVE > /dev/full",
    ])
  func nobodyReads(line: String) throws {
    let program = TestSite.products + "/airlock"
    let command = line.replacing("ARCHIVE", with: "'\(folder("monthly-00000001.sealed"))'")
    let result = try Tool.run(
      "bash", ["-c", "set -o pipefail; '\(program)' \(command); echo \"ended $?\" >&2"])
    let status = try #require(result.errors.split(separator: "\n").last { $0.hasPrefix("ended") })
    #expect(Int(status.dropFirst(6)).map { $0 < 128 || $0 == 141 } == true, "\(result.errors)")
  }
}
