import Fixtures
import JSONText
import Testing

/// Which VIDs leave, from the drop to what the MTS gets.
struct VIDSoundnessTests {
  private static func person(_ id: Int, _ vids: String..., gender: String = "male") -> String {
    let ids = vids.enumerated().map { index, vid in
      "{\"id\":\(id * 10 + index),\"id_type\":[1,\"MOSIP VID\"],\"value\":\"\(vid)\"}"
    }
    return
      "{\"id\":\(id),\"given_name\":\"A\",\"family_name\":\"B\",\"gender\":\"\(gender)\",\"birthdate\":\"1990-01-01\",\"address\":\"x\",\"is_registrant\":true,\"active\":true,\"reg_ids\":[\(ids.joined(separator: ","))]}"
  }

  private static let fields: JSON = [
    "id", "given_name", "family_name", "gender", "birthdate", "address",
  ]

  /// Drops the snapshot and a job for everyone.
  /// - Returns: the job's verdict, what was sent by id (VID and gender), and who was left out why.
  private static func job(
    _ site: TestSite, _ snapshot: String, as name: String = "people.json", mts: JSON? = nil
  ) throws -> (verdict: JSON, sent: [String: [String]], leftOut: [String]) {
    try site.drop(snapshot, as: name)
    try #require(site.run().status == 0)
    let job: JSON = [
      "airlock": "job", "version": 1, "name": "j", "recipient": "mts", "filter": [],
      "everyone": true, "fields": fields, "mts": mts ?? [:],
    ]
    try site.drop(job.pretty(), as: "j.json")
    _ = try site.run()
    let verdict = try site.verdict("j.json")
    guard !site.archives.isEmpty else { return (verdict, [:], []) }
    let opened = try site.open()
    var sent: [String: [String]] = [:]
    for file in site.folder.names("\(opened)/requests") {
      let body = try JSONDocument(parsing: site.folder.read("\(opened)/requests/\(file)")).root.json
      for record in body["request"]?["authdata"]?.elements ?? [] {
        sent[record["id"]?.text ?? ""] = [record["vid"]?.text ?? "", record["gender"]?.text ?? ""]
      }
    }
    let rejects = try site.folder.read("\(opened)/rejects.ndjson").split(separator: "\n")
    return (verdict, sent, rejects.map(String.init))
  }

  @Test(
    "fault 134: a newer id of nothing but characters that nobody sees does not hide a sound VID")
  func blank() throws {
    let people = [" ", "\u{A0}", "\u{200B}", "\\u000b", "\u{3000}\u{FEFF}"].enumerated().map {
      Self.person($0.offset + 1, "123456789012345\($0.offset)", $0.element)
    }
    let (_, sent, leftOut) = try Self.job(TestSite(), "[\(people.joined(separator: ","))]")
    #expect(sent.count == 5 && leftOut == [])
    #expect(sent["2"]?.first == "1234567890123451")
  }

  @Test("fault 130: what a spreadsheet destroyed is left out and counted, the sound are sent")
  func spreadsheet() throws {
    let people = [
      Self.person(1, "4.12616E+15"), Self.person(2, "################"),
      Self.person(3, "4126162436616973"), Self.person(4, "0265853476398960"),
      Self.person(5, "265853476398961"),
    ]
    let (verdict, sent, leftOut) = try Self.job(TestSite(), "[\(people.joined(separator: ","))]")
    // A zero in front shows that it was never a number; one that is gone, beside such others, is not sent.
    #expect(sent.keys.sorted() == ["3", "4"])
    #expect(leftOut == [1, 2, 5].map { #"{"id": \#($0), "reason": "odd_vid"}"# })
    #expect(verdict["job"]?["left_out"]?["odd_vid"]?.integer == 3)
  }

  @Test("fault 130: signs, separators, formulas and words for none are no VID")
  func words() throws {
    let odd = [
      "4.126.162.436.616.970", "4,126,162,436,616,973", "=4126162436616973", "-4126162436616973",
      "+4126162436616973", "0", "-", "False", "TBD", "valid", "N/A",
    ]
    let people = odd.enumerated().map { Self.person($0.offset + 1, $0.element) }
    let sound = Self.person(99, "4126162436616973")
    let text = "[\((people + [sound]).joined(separator: ","))]"
    let (verdict, sent, _) = try Self.job(TestSite(), text)
    #expect(Array(sent.keys) == ["99"])
    #expect(verdict["job"]?["left_out"]?["odd_vid"]?.integer == Int64(odd.count))
  }

  @Test("fault 130: where all VIDs are rounded, none is sent: each may be another person's")
  func rounded() throws {
    let people = (1...5).map { Self.person($0, "41261624366169\($0)0") }
    let (verdict, sent, _) = try Self.job(TestSite(), "[\(people.joined(separator: ","))]")
    #expect(sent.isEmpty)
    #expect(verdict["job"]?["left_out"]?["odd_vid"]?.integer == 5)
    #expect(verdict["warnings"]?.elements?.contains { $0["code"]?.text == "rounded_vids" } == true)
    // One of many that ends in 0 is as sound as the others.
    let mixed = people[0...0] + (6...9).map { Self.person($0, "41261624366169\($0)1") }
    #expect(try Self.job(TestSite(), "[\(mixed.joined(separator: ","))]").sent.count == 5)
  }

  /// A registry of two VIDs, one of them with a digit too few, and the registry's rule for them.
  private static func drop(_ validation: String, into site: TestSite) throws {
    try site.folder.write(
      person(1, "4126162436616973").replacing("[1,\"MOSIP VID\"]", with: "1") + "\n"
        + person(2, "412616243661697").replacing("[1,\"MOSIP VID\"]", with: "1") + "\n",
      as: "res.partner.ndjson")
    let type: JSON = ["id": 1, "name": "MOSIP VID", "id_validation": .string(validation)]
    try site.folder.write(type.line() + "\n", as: "g2p.id.type.ndjson")
    try Tool.run(
      "tar",
      [
        "-C", site.folder.path, "-cf", site.root + "/inbox/people.tar", "res.partner.ndjson",
        "g2p.id.type.ndjson",
      ])
  }

  @Test(
    "fault 131: the registry's own rule for VIDs is kept, and who breaks it is left out and counted"
  )
  func validation() throws {
    let site = try TestSite()
    try Self.drop("^[0-9]{16}$", into: site)
    let (_, sent, leftOut) = try Self.job(site, "{}", as: "waits.part")
    #expect(sent.keys.sorted() == ["1"])
    #expect(leftOut == [#"{"id": 2, "reason": "invalid_vid"}"#])
  }

  @Test(
    "fault 131: a rule that is not understood stops the job; the policy can say it in other words")
  func unclear() throws {
    let site = try TestSite()
    try Self.drop(#"^(\d)(?!\1{15})[0-9]{15}$"#, into: site)
    let (verdict, _, _) = try Self.job(site, "{}", as: "waits.part")
    #expect(verdict["reason"]?["code"]?.text == "validation_unclear")
    #expect(site.archives.isEmpty)
    try site.policy(("id_types", ["vid": "MOSIP VID", "vid_validation": "[0-9]{15}"]))
    #expect(try Self.job(site, "{}", as: "waits.part").sent.count == 2)
  }

  @Test("fault 132: genders are sent by the manifest's table, and what no table knows is told")
  func genders() throws {
    let people = [
      Self.person(1, "4126162436616971", gender: "F"),
      Self.person(2, "4126162436616972", gender: "M"),
      Self.person(3, "4126162436616973", gender: "Femme"),
    ]
    let (verdict, sent, _) = try Self.job(
      TestSite(), "[\(people.joined(separator: ","))]",
      mts: ["values": ["gender": ["F": "Female"]]])
    #expect(sent.mapValues { $0[1] } == ["1": "Female", "2": "M", "3": "female"])
    let told = verdict["warnings"]?.elements?.first { $0["code"]?.text == "unknown_gender" }
    #expect(told?["message"]?.text?.hasPrefix("1 records are sent") == true)
  }
}
