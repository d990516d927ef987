import Faults
import Language
import Policies
import Snapshots
import Store

/// Which VIDs are fit to be sent. One that was damaged on its way may be another person's.
package struct VIDRules: Sendable {
  private var patterns: [ValidationPattern] = []
  /// What a spreadsheet rounded or shortened is left out.
  private var marks = VIDMarks()

  package init() {}

  /// - Throws: `validation_unclear` for an expression that cannot be honoured.
  init(
    _ vid: VIDSource, on model: String, policy: SitePolicy, over snapshot: SnapshotStore
  ) throws {
    let (catalog, own) = (snapshot.catalog, policy.idTypes.vidValidation)
    let (marks, given) = try snapshot.read { database -> (VIDMarks, [String]) in
      let marks = try VIDMarks(of: vid, on: model, in: database)
      guard case .registrantIDs(let types) = vid, own == nil else { return (marks, []) }
      return (marks, try VIDTypes.validations(of: types, in: database, catalog: catalog))
    }
    self.marks = marks
    let texts: [String] = own.map { [$0] } ?? given
    patterns = try texts.map { try VIDRules.pattern($0, isOwn: own != nil) }
  }

  /// An expression that is not understood stops the job: VIDs that the registry itself refuses must
  /// not leave, and the site can say what is meant.
  private static func pattern(_ text: String, isOwn: Bool) throws -> ValidationPattern {
    do throws(ValidationPattern.Problem) { return try ValidationPattern(text) } catch {
      throw JobFault(
        code: "validation_unclear",
        message:
          "the regular expression that VIDs must match (\(isOwn ? "id_types.vid_validation of the site policy" : "id_validation of the id type")) is not understood: \(error.reason)",
        hint:
          "say it in other words in id_types.vid_validation of policies/site.json, such as \"^[0-9]{16}$\""
      )
    }
  }

  /// Why a VID that is not blank is left out; nil if it is fit.
  func objection(to vid: UnsafeBufferPointer<UInt8>) -> LeftOut? {
    guard TextBytes.isPlain(vid), !VIDShape.isDestroyed(vid) else { return .oddVID }
    if marks.areRounded, VIDShape.isRounded(vid) { return .oddVID }
    if let lost = marks.lostZeros, lost.contains(vid.count), VIDShape.isDigits(vid) {
      return .oddVID
    }
    return patterns.allSatisfy { $0.matches(vid) } ? nil : .invalidVID
  }

  /// What is to be told before anybody is left out.
  var warning: Verdict.Reason? {
    guard marks.areRounded else { return nil }
    return Verdict.Reason(
      code: "rounded_vids",
      message:
        "the snapshot's VIDs have zeros from the 16th digit on, as a spreadsheet leaves them: they may be other persons' and are left out",
      hint: "export again, and drop the file as Odoo wrote it, without opening it in a spreadsheet")
  }
}
