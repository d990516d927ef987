import Files
import Fixtures
import Foundation
import Language
import Snapshots
import Testing

@testable import Store

/// The CSV export of ODK Central: one file a table, packed in a zip, or the form's own alone.
struct ODKTableTests {
  private static let folder = Fixture.package + "/Tests/Fixtures/odk/beneficiary"

  /// - Parameter files: in the order in which they are packed.
  private static func load(_ files: [String], into site: LoadingSite) throws -> SnapshotStore {
    for file in files {
      let text = try String(contentsOfFile: folder + "/beneficiary\(file).csv", encoding: .utf8)
      try site.drops.write(text, as: "beneficiary\(file).csv")
    }
    let names = files.map { "beneficiary\($0).csv" }.joined(separator: " ")
    let path = try site.make(
      "form.tar", "mkdir media; echo x > media/a.jpg; tar -cf form.tar media/a.jpg \(names)")
    #expect(try DropForm.tell(.path(path, rules: .named(limit: .max))) == .odk)
    try site.stageODK(at: path).commit()
    return try SnapshotStore.open(site.store, .odk)
  }

  @Test(
    "Tables come in any order, and repeats find what they belong to",
    arguments: [
      ["", "-demo-children", "-demo-children-toys"], ["-demo-children-toys", "-demo-children", ""],
    ])
  func tables(files: [String]) throws {
    let store = try Self.load(files, into: LoadingSite())
    #expect(
      try store.text(
        "SELECT id, submission_date, start, consent, visits FROM \"odk.submission\" ORDER BY id")
        == [
          "1|2026-11-18 09:30:00.25|2026-11-18 09:12:03|1|2",
          "2|2026-11-19 23:59:59|2026-11-19 23:05:00|1|0",
          "3|2026-11-20 00:00:00|2026-11-19 23:40:00|0|1",
        ])
    #expect(
      try store.text(
        "SELECT fname, dob, vid, phone FROM \"odk.submission.demo\" ORDER BY id LIMIT 2")
        == [
          "Amina|1990-02-28|6204981735410927|256772000111",
          "Brian|1985-07-01|0071362945018823|256772000222",
        ])
    #expect(
      try store.text("SELECT owner, name, age FROM \"odk.submission.demo.children\" ORDER BY id")
        == ["1|Juma|4.0", "1|Zuri|7.5", "3|Li|1.0"])
    #expect(try store.ids(#"[["demo.children.toys.name", "=", "ball"]]"#, on: ODK.mainModel) == [3])
    #expect(try store.ids(#"[["demo.children.age", ">", 3]]"#, on: ODK.mainModel) == [1])
    #expect(try store.ids(#"[["system.reviewState", "=", "rejected"]]"#, on: ODK.mainModel) == [3])
    #expect(
      try store.ids(#"[["demo.address.street", "=", "3 \"Hill\" Lane"]]"#, on: ODK.mainModel) == [2]
    )
    #expect(try store.ids(#"[["system.submitterId", "=", 23]]"#, on: ODK.mainModel) == [1, 2])
    #expect(store.catalog["odk.submission.demo"]?["vid"]?.type == .char)
  }

  @Test("The form's table alone will do; repeats without what they belong to will not")
  func parts() throws {
    let site = try LoadingSite()
    try site.stageODK(at: Self.folder + "/beneficiary.csv").commit()
    #expect(try SnapshotStore.open(site.store, .odk).summary.counts["odk.submission"] == 3)
    for (files, code) in [
      (["", "-demo-children-toys"], "odk_form_unclear"), (["-demo-children"], "empty_file"),
    ] {
      let fault = try #require(throws: SnapshotFault.self) {
        try Self.load(files, into: LoadingSite())
      }
      #expect(fault.code == code, "\(fault.message)")
    }
    let orphan = "name,PARENT_KEY,KEY\nx,uuid:1,uuid:1/kids[1]\n"
    try site.drops.write(orphan, as: "f-kids.csv")
    let path = try site.make(
      "f.tar", "cp \(Self.folder)/beneficiary.csv f.csv; tar -cf f.tar f.csv f-kids.csv")
    let fault = try #require(throws: SnapshotFault.self) { try site.stageODK(at: path) }
    #expect(
      fault.code == "odk_orphans" && fault.message.hasPrefix("1 records of odk.submission.kids"))
  }
}
