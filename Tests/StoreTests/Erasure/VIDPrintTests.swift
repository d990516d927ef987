import Foundation
import GRDB
import Testing

@testable import Store

/// What is kept of a deleted VID, so that it can be looked for.
struct VIDPrintTests {
  private let site: TokenSite
  init() throws { site = try TokenSite() }

  private func bytes<Result>(
    _ text: String, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
  ) rethrows -> Result {
    var text = text
    return try text.withUTF8(body)
  }

  @Test("fault 90: a print is the same each time with the site's key, and another with another key")
  func keyed() throws {
    let other = try TokenSite()
    let print = try bytes("VID-ANA-5501", site.hasher.print)
    #expect(try bytes("VID-ANA-5501", site.hasher.print) == print)
    #expect(try bytes("VID-ANA-5502", site.hasher.print) != print)
    #expect(try bytes("VID-ANA-5501", other.hasher.print) != print)
    #expect(print >= 0)
  }

  @Test("fault 90: prints of alike VIDs have nothing in common, so that no two tell the base")
  func covered() throws {
    let hasher = try site.hasher
    let prints = (0..<8).map { UInt64(bytes("440000000000000\($0)", hasher.print)) }
    let steps = zip(prints, prints.dropFirst()).map { ($1 &- $0) % VIDPrint.modulus }
    #expect(Set(steps).count == 7, "the rolling hashes alone differ by 1 each")
    let mark = try site.mark("4400000000000000")
    let rolling = bytes("4400000000000000", hasher.rolling.hash)
    #expect(hasher.uncovered(Int64(prints[0]), of: mark) == rolling)
  }

  @Test("The rolling hash is that of plain arithmetic")
  func arithmetic() {
    let print = VIDPrint(base: 12_345)
    #expect(bytes("ab", print.hash) == 98 * 12_347 + 99)
    #expect(print.power(2) == 12_347 * 12_347)
    let most = VIDPrint.modulus - 1
    #expect(VIDPrint.step(most, most, 5) == 6, "(-1) * (-1) + 5")
    #expect(VIDPrint.step(most, 1, 1) == 0)
  }

  @Test("Length, print and run of an erased VID are kept with its mark")
  func kept() throws {
    let print = try bytes("VID-ANA-5501", site.hasher.print)
    let vid = ErasedVID(
      vid: try site.mark("VID-ANA-5501"), registrant: 1, regID: 11, at: 1_700_000_000,
      policy: "usual", run: 7, length: 12, print: print)
    try site.tokens.erase([vid])
    #expect(try site.tokens.erasedCount() == 1)
    let row = try site.tokens.look {
      try Row.fetchOne($0, sql: "SELECT run, length, print FROM erased")
    }
    #expect(row == ["run": 7, "length": 12, "print": print])
  }
}
