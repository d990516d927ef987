import Faults
import Files
import Fixtures
import Foundation
import Policies
import Secrets
import Testing

@testable import Jobs

/// VID-deletion policies as files of a site.
struct DeletionPoliciesTests {
  private let folder: TemporaryFolder
  private let site: Site
  private static let sound =
    "{\"airlock\": \"vid-deletion\", \"version\": 1, \"domain\": [[\"id\", \"=\", 1]]}"

  init() throws {
    folder = try TemporaryFolder()
    site = try Site.layOut(root: folder.path)
  }

  private func write(_ text: String, as name: String, mode: Int = 0o640) throws {
    try folder.write(text, as: "policies/\(name)")
    try FileManager.default.setAttributes(
      [.posixPermissions: mode], ofItemAtPath: folder("policies/\(name)"))
  }

  /// `NAME code` of each, sound ones without a code.
  private func found() throws -> [String] {
    try DeletionPolicies.read(site).map { entry in
      guard case .broken(let fault) = entry.state else { return entry.name }
      #expect(fault.place?.file?.hasPrefix("policies/") == true)
      #expect(fault.message.contains("policies/") && fault.hint != nil)
      return "\(entry.name) \(fault.code)"
    }
  }

  @Test("fault 86: each policy is sound or broken by itself, in the order of the names")
  func several() throws {
    try write(Self.sound, as: "b.json")
    try write(Self.sound, as: "a_1.json")
    try write("{", as: "c.json")
    try write("{\"airlock\": \"job\", \"version\": 1}", as: "d.json")
    try write(Self.sound, as: "E.json")
    try write(Self.sound, as: "f.JSON")
    try write(Self.sound, as: "site.json")
    for name in [".g.json", "h.json.part", "i.txt", "j.json~"] { try write("{", as: name) }
    try folder.write("", as: "policies/k")
    #expect(
      try found() == ["E bad_name", "a_1", "b", "c json_syntax", "d wrong_kind", "f bad_name"])
  }

  @Test("A broken policy says its file, line, column and place, whatever is wrong, all at once")
  func places() throws {
    try write(
      Self.sound.replacing("1, ", with: "1,\n \"vids\": \"x\",\n \"at_mst\": {}, "), as: "vid.json")
    guard case .broken(let fault) = try DeletionPolicies.read(site).first?.state else {
      Issue.record("it is sound")
      return
    }
    let list = try #require(fault as? FaultList)
    #expect(list.all.map(\.code) == ["unknown_word", "unknown_key"])
    #expect(
      fault.place
        == FaultPlace(file: "policies/vid.json", line: 2, column: 10, pointer: "/vids"))
    #expect(fault.message.hasPrefix("policies/vid.json: line 2, column 10 (/vids): "))
    #expect(list.all.last?.hint == "did you mean \"at_most\"?")
    #expect(fault.hint?.contains("airlock check policies/vid.json") == true)
  }

  @Test("A sound policy has the digest of its file")
  func digest() throws {
    try write(Self.sound, as: "a.json")
    guard case .sound(let policy, let digest) = try DeletionPolicies.read(site).first?.state else {
      Issue.record("it is broken")
      return
    }
    #expect(policy.mostPercent == 20)
    let sum = try Tool.run("b2sum", ["-l", "256", folder("policies/a.json")]).output
    #expect(sum.hasPrefix(digest.hex))
  }

  @Test("fault 86: what others could have written, or what is no file of one name, deletes nothing")
  func trust() throws {
    try write(Self.sound, as: "a.json", mode: 0o660)
    try write(Self.sound, as: "b.json", mode: 0o646)
    try write(Self.sound, as: "c.json")
    try folder.write(Self.sound, as: "elsewhere.json")
    let manager = FileManager.default
    try manager.linkItem(atPath: folder("elsewhere.json"), toPath: folder("policies/d.json"))
    try manager.createSymbolicLink(
      atPath: folder("policies/e.json"), withDestinationPath: folder("policies/c.json"))
    try manager.createDirectory(
      atPath: folder("policies/f.json"), withIntermediateDirectories: false)
    #expect(mkfifo(folder("policies/g.json"), 0o600) == 0)
    #expect(
      try found() == [
        "a exposed", "b exposed", "c", "d hard_linked", "e symbolic_link", "f not_a_regular_file",
        "g not_a_regular_file",
      ])
  }

  @Test("In a folder that others can write to, no policy counts")
  func folderOfOthers() throws {
    try write(Self.sound, as: "a.json")
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o770], ofItemAtPath: folder("policies"))
    #expect(try found() == ["a exposed"])
  }

  @Test("More policies than can be meant are none")
  func tooMany() throws {
    for number in 0...DeletionPolicies.most { try write(Self.sound, as: "p\(number).json") }
    let fault = #expect(throws: DeletionPolicyFault.self) { try DeletionPolicies.read(site) }
    #expect(fault?.code == "too_many_policies")
  }
}
