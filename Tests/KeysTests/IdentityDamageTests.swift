import Faults
import Files
import Foundation
import Keys
import Secrets
import Testing

@Suite struct IdentityDamageTests {
  let site: Site
  let keys: KeyFolder

  init() throws {
    site = try Site()
    keys = try site.keys()
    try keys.createIdentity(named: KeyName("registry"))
  }

  @Test func `every cut of an identity is refused`() throws {
    let text = try site.text("identity.json")
    for count in 0..<(text.utf8.count - 1) {
      try site.write("identity.json", String(text.prefix(count)))
      #expect(code { try keys.identity() } != nil, "\(count)")
    }
  }

  @Test func `fault 69: no fault of a damaged identity holds a piece of the secret`() throws {
    let text = Array(try site.text("identity.json").utf8)
    let whole = String(decoding: text, as: UTF8.self)
    let start = try #require(whole.range(of: "AIRLOCK-SECRET-")?.upperBound)
    let secret = String(whole[start...].prefix(88))
    for index in text.indices {
      var altered = text
      altered[index] ^= 0x01
      try Data(altered).write(to: URL(filePath: "\(site.path)/identity.json"))
      do { _ = try keys.identity() } catch {
        let shown = "\(error) \(String(reflecting: error))"
        #expect(!shown.contains(secret.prefix(12)) && !shown.contains(secret.suffix(12)))
      }
    }
  }

  @Test(arguments: [
    ("\"version\": 1", "\"version\": 2", "identity_format"),
    ("\"identity\"", "\"card\"", "identity_format"),
    ("\"name\"", "\"nome\"", "identity_format"),
    ("{\n", "{ \"extra\": 1,", "identity_format"),
    ("\"registry\"", "\"Registry\"", "bad_key_name"),
    ("AIRLOCK-SECRET-", "AIRLOCK-SECRET-A", "identity_format"),
    ("\"secret\"", "\"locked\"", "identity_format"),
    ("AIRLOCK", "\\u0041IRLOCK", "identity_format"),
  ])
  func `a damaged identity is refused by name`(old: String, new: String, wanted: String) throws {
    let text = try site.text("identity.json")
    try site.write("identity.json", text.replacingOccurrences(of: old, with: new))
    let found = code { try keys.identity() }
    #expect(found == wanted || found == "bad_secret_key")
    #expect(found != nil)
  }

  @Test func `a secret under another's public keys is refused`() throws {
    let mine = try site.text("identity.json")
    let other = try Site()
    try other.keys().createIdentity(named: KeyName("registry"))
    let secrets = try [mine, other.text("identity.json")].map { text in
      String(text.suffix(from: try #require(text.range(of: "AIRLOCK-SECRET-")).lowerBound))
    }
    try site.write("identity.json", mine.replacingOccurrences(of: secrets[0], with: secrets[1]))
    #expect(code { try keys.identity() } == "identity_damaged")
  }

  @Test func `fault 68: a hostile lock cannot ask for much`() throws {
    try FileManager.default.removeItem(atPath: "\(site.path)/identity.json")
    let identity = try Identity.generate(name: KeyName("registry"))
    try IdentityFile.create(identity, in: keys.folder, passphrase: secret("x"), cost: .least)
    let text = try site.text("identity.json")
    for memory in ["1073741824", "1099511627776", "0", "-1"] {
      try site.write("identity.json", text.replacingOccurrences(of: " 8192", with: " \(memory)"))
      let found = code { try keys.identity { try secret("x") } }
      #expect(found == "passphrase_cost" || found == "identity_format", "\(memory)")
    }
    try site.write("identity.json", text.replacingOccurrences(of: " 8192", with: " 16384"))
    #expect(code { try keys.identity { try secret("x") } } == "passphrase_wrong")
  }
}
