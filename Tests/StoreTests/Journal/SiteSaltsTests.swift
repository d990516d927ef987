import Files
import Fixtures
import Foundation
import Secrets
import Store
import Testing

/// What a site shows for digests.
struct SiteSaltsTests {
  private let folder: TemporaryFolder
  private let store: Folder

  init() throws {
    folder = try TemporaryFolder()
    store = try Folder(path: folder.path)
  }

  private let digest = Digest(of: Array("content".utf8))

  @Test("A site shows the same after a restart, another site another, and nobody the digest")
  func stays() throws {
    let salts = try SiteSalts(in: store)
    let other = try TemporaryFolder()
    let others = try SiteSalts(in: Folder(path: other.path))
    for word in SaltedDigest.Word.allCases {
      let shown = salts.shown(digest, word, drop: 7)
      #expect(try SiteSalts(existingIn: store).shown(digest, word, drop: 7) == shown)
      #expect(others.shown(digest, word, drop: 7) != shown && shown.hex != digest.hex)
      #expect(shown == SaltedDigest(digest, word, salt: salts.salt(of: digest, word, drop: 7)))
      #expect((salts.shown(digest, word, drop: 8) == shown) == !word.isOfOneDrop)
    }
  }

  @Test("Without the site's key nothing is proven, and where VIDs were marked none is made anew")
  func missing() throws {
    #expect(throws: StoreFault.self) { try SiteSalts(existingIn: store) }
    #expect(!folder.names("").contains("hash.key"))
    _ = try TokenStore(in: store)
    let fault = #expect(throws: StoreFault.self) { try SiteSalts(in: store) }
    #expect(fault?.code == "hash_key_missing" && !folder.names("").contains("hash.key"))
  }
}
