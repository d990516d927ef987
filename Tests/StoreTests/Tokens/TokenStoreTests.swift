import Files
import Foundation
import Testing

@testable import Store

/// What `tokens.sqlite` keeps, and for whom it can be read.
struct TokenStoreTests {
  private let site: TokenSite
  init() throws { site = try TokenSite() }

  @Test("Tokens are for the owner alone, and nothing of a change is left in the WAL")
  func file() throws {
    try site.tokens.keep([site.token(1, "TOKEN-ANA", vid: "VID-ANA-5501")])
    let path = site.site.store.path + "/tokens.sqlite"
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    #expect((attributes[.posixPermissions] as? Int) == 0o600)
    let wal = try? FileManager.default.attributesOfItem(atPath: path + "-wal")
    #expect((wal?[.size] as? Int ?? 0) == 0)
    #expect(site.files(holding: "TOKEN-ANA") == ["tokens.sqlite"])
  }

  @Test("What is kept comes back, by registrant")
  func roundTrip() throws {
    let given = [
      try site.token(2, "TOKEN-BEN", vid: "VID-BEN-5502"),
      try site.token(1, "TOKEN-ANA", vid: "VID-ANA-5501"),
    ]
    try site.tokens.keep(given)
    var got: [HeldToken] = []
    try site.tokens.forEachToken { got.append($0) }
    #expect(got == [given[1], given[0]])
    #expect(try site.tokens.tokenCounts() == [.held: 2])
    #expect(try TokenStore(in: site.site.store).tokens(of: 2) == [given[0]])
  }

  @Test("A VID is erased once, for ever; its note is not written over")
  func erasedOnce() throws {
    try site.erase("VID-ANA-5501", of: 1, id: 11)
    let revision = try site.tokens.revision
    try site.erase("VID-ANA-5501", of: 2, id: 12)
    #expect(try ErasedVIDs(site.tokens).owners == [1])
    #expect(try site.tokens.revision == revision)
    #expect(try site.tokens.erasedCount() == 1)
  }
}
