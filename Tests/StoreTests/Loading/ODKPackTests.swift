import Files
import Fixtures
import Foundation
import Snapshots
import Testing

@testable import Store

/// ODK Central's zips as they are downloaded: pictures and logs lie beside the answers.
struct ODKPackTests {
  private static let form = """
    SubmissionDate,demo-fname,vid,KEY,SubmitterID
    2026-11-01T10:00:01.000Z,Ana,4126162436616973,uuid:111,5
    2026-11-01T10:00:02.000Z,Ben,0265853476398960,uuid:222,5

    """
  private static let audit = """
    instance ID,event,node,start,end,latitude,longitude,accuracy,old-value,new-value
    uuid:111,form start,,1,,,,,,

    """

  /// - Parameter more: lines of Python that write into the zip `z`; the form is written by `form()`.
  private static func load(_ more: String, limits: DropLimits = DropLimits()) throws
    -> LoadedSnapshot
  {
    let site = try LoadingSite()
    try site.drops.write(form, as: "form.csv")
    try site.drops.write(audit, as: "audit.csv")
    try site.drops.write(
      """
      import warnings, zipfile
      warnings.simplefilter("ignore")
      with zipfile.ZipFile("d.zip", "w") as z:
          form = lambda name="form.csv": z.write("form.csv", name)
          audit = lambda name: z.write("audit.csv", name)
      \(more.split(separator: "\n").map { "    " + $0 }.joined(separator: "\n"))
      """, as: "make.py")
    let path = try site.make("d.zip", "LC_ALL=C.UTF-8 python3 make.py")
    let source = SnapshotSource.path(path, rules: .named(limit: .max), limits: limits)
    #expect(try DropForm.tell(source) == .odk)
    let staged = try ODKLoader(into: site.store).load(
      source, now: Date(timeIntervalSince1970: 1_700_000_000))
    #expect(staged.summary.counts["odk.submission"] == 2)
    return staged.summary
  }

  @Test(
    "fault 133: the log of how a form was filled in is told of and left out, wherever it stands",
    arguments: [
      "form()\naudit('form - audit.csv')", "audit('form - audit.csv')\nform()",
      "form()\naudit('media/audit.csv')\naudit('media/audit.csv')\naudit('form - audit.csv')",
    ])
  func audit(pack: String) throws {
    let notes = try Self.load(pack).notes
    #expect(notes.contains { $0.contains("form - audit.csv: left out") })
  }

  @Test(
    "fault 133: attachments of one name, and more of them than a drop may have files, are counted")
  func media() throws {
    let summary = try Self.load(
      """
      form()
      for n in range(1500): z.writestr("media/%d.jpg" % (n // 2), b"x")
      """)
    #expect(summary.notes == ["media/: left out, 1500 attachments of submissions"])
  }

  @Test(
    "fault 133: names in any language are read",
    arguments: [
      "form('Enquête ménage.csv')", "form()\nz.writestr('media/fîlé.jpg', b'x')",
      "form('សំណួរ.csv')", "form('dossier à moi/form.csv')",
    ])
  func names(pack: String) throws { _ = try Self.load(pack) }

  @Test("Attachments count among the bytes that a drop may unfold to")
  func bounded() throws {
    var limits = DropLimits()
    limits.expandedBytes = 100_000
    #expect(throws: (any Error).self) {
      try Self.load("form()\nz.writestr('media/a.jpg', b'x' * 200000)", limits: limits)
    }
  }
}
