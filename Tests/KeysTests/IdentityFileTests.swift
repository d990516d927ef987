import Faults
import Files
import Foundation
import Keys
import Secrets
import Testing

@Suite struct IdentityFileTests {
  let site: Site
  let keys: KeyFolder

  init() throws {
    site = try Site()
    keys = try site.keys()
  }

  @Test func `an identity is read as it was made`() throws {
    let made = try keys.createIdentity(named: KeyName("registry"))
    let read = try keys.identity()
    #expect(read.card == made.card)
    #expect(read.sealing.secret.equals(made.sealing.secret))
    #expect(read.signing.seed.equals(made.signing.seed))
    #expect(try keys.ownCard() == made.card)
    #expect(
      try site.names() == ["identity.json", "registry.card.json", "registry.minisign.pub"])
  }

  @Test func `an identity is never overwritten`() throws {
    try keys.createIdentity(named: KeyName("registry"))
    let before = try site.text("identity.json")
    #expect(code { try keys.createIdentity(named: KeyName("other")) } == "identity_there")
    let other = try Identity.generate(name: KeyName("other"))
    #expect(code { try IdentityFile.create(other, in: keys.folder) } == "identity_there")
    #expect(try site.text("identity.json") == before)
    #expect(try site.names().count == 3)
  }

  @Test func `fault 68: a passphrase opens what it locked`() throws {
    let made = try keys.createIdentity(
      named: KeyName("registry"), passphrase: secret("sesame"), cost: .least)
    let text = try site.text("identity.json")
    #expect(!text.contains("AIRLOCK-SECRET") && text.contains("argon2id"))
    #expect(try keys.identity { try secret("sesame") }.card == made.card)
    #expect(try keys.ownCard() == made.card)
    #expect(code { try keys.identity { try secret("wrong") } } == "passphrase_wrong")
    #expect(code { try keys.identity { nil } } == "passphrase_needed")
    #expect(code { try keys.identity { try secret("") } } == "passphrase_unusable")
  }

  @Test(arguments: [0o644, 0o640, 0o604, 0o660, 0o602, 0o610])
  func `fault 65: an identity that others can reach is refused`(mode: Int) throws {
    try keys.createIdentity(named: KeyName("registry"))
    try site.mode("identity.json", mode)
    #expect(code { try keys.identity() } == "identity_unsafe")
  }

  @Test(arguments: [0o777, 0o770, 0o1777, 0o720])
  func `fault 65: a folder that others can write to is refused`(mode: Int) throws {
    try keys.createIdentity(named: KeyName("registry"))
    try site.mode("", mode)
    #expect(code { try keys.identity() } == "identity_unsafe")
    #expect(code { try IdentityFile.load(path: "\(site.path)/identity.json") } == "identity_unsafe")
    #expect(code { try site.keys() } == "exposed")
    try site.mode("", 0o700)
  }

  @Test func `fault 65: links, folders and pipes are not identities`() throws {
    try keys.createIdentity(named: KeyName("registry"))
    let file = "\(site.path)/identity.json"
    let manager = FileManager.default
    try manager.createSymbolicLink(atPath: "\(site.path)/soft", withDestinationPath: file)
    try manager.createDirectory(atPath: "\(site.path)/folder", withIntermediateDirectories: false)
    #expect(mkfifo("\(site.path)/pipe", 0o600) == 0)
    for name in ["soft", "folder", "pipe"] {
      #expect(code { try IdentityFile.load(path: "\(site.path)/\(name)") } == "identity_unsafe")
    }
    try manager.linkItem(atPath: file, toPath: "\(site.path)/hard")
    #expect(code { try keys.identity() } == "identity_unsafe", "two names")
    #expect(code { try IdentityFile.load(path: "\(site.path)/none") } == "identity_missing")
  }

  @Test func `fault 65: a fault of the file's safety blames the environment`() throws {
    try keys.createIdentity(named: KeyName("registry"))
    try site.mode("identity.json", 0o644)
    let fault = #expect(throws: KeysFault.self) { try keys.identity() }
    #expect(fault?.blame == .environment)
    #expect(fault?.hint != nil)
  }
}
