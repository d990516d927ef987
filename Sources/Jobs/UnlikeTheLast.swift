import Faults
import Policies
import Store

/// Holds a snapshot that looks like another registry's, or like a part of this one: an export that was
/// cut short, or one batch of several, would quietly take the place of the whole.
struct UnlikeTheLast {
  /// The code of the fault, which the operator may release.
  static let code = "unlike_the_last"
  /// What a registry must have had of a model before fewer of it say anything.
  private static let fewest = 5

  private let likeness: Likeness
  private let percent: Int
  private let isDelta: Bool

  /// - Parameters:
  ///   - percent: what must be left, and shared, of what is in force; 0 lets everything pass.
  ///   - isDelta: of a delta, only what is left is asked.
  init(_ likeness: Likeness, percent: Int, isDelta: Bool = false) {
    (self.likeness, self.percent, self.isDelta) = (likeness, percent, isDelta)
  }

  /// - Throws: `unlike_the_last`, with counts.
  func require() throws(JobFault) {
    if let fault { throw fault }
  }

  /// The fault; nil if there is nothing to doubt.
  var fault: JobFault? {
    let doubts = [stranger].compactMap(\.self) + fewer
    guard percent > 0, !doubts.isEmpty else { return nil }
    return JobFault(
      code: Self.code,
      message:
        "the snapshot is unlike the one in force: " + doubts.prefix(10).joined(separator: "; "),
      hint:
        "if it is meant to replace it: airlock release NAME; batches of one export are dropped as one: tar -cf export.tar res.partner.1.ndjson res.partner.2.ndjson"
    )
  }

  private var stranger: String? {
    let model = SnapshotKind.registry.mainModel
    guard !isDelta, let partners = likeness.partners, partners.looked > 0,
      let before = likeness.before[model], let now = likeness.now[model], before >= Self.fewest
    else { return nil }
    let shared = Double(partners.found) / Double(partners.looked) * Double(before)
    guard shared * 100 < Double(percent) * Double(min(before, now)) else { return nil }
    let looked = partners.looked < before ? "\(partners.looked) looked for" : "\(before) in force"
    return "of the \(looked), \(partners.found) \(model) are in it"
  }

  private var fewer: [String] {
    let models = likeness.before.sorted { $0.key < $1.key }.compactMap { model, before in
      fewer(model, before, likeness.now[model] ?? 0)
    }
    return models + [likeness.vids.flatMap { fewer("VIDs", $0.before, $0.now) }].compactMap(\.self)
  }

  private func fewer(_ what: String, _ before: Int, _ now: Int) -> String? {
    guard before >= Self.fewest, now * 100 < percent * before else { return nil }
    return "\(now) \(what) where there were \(before)"
  }
}

/// Counts of records at which exports are known to stop without a word.
enum ExportCaps {
  private static let caps: [Int: String] = [
    80: "a page of Odoo's list view holds", 100: "many programs ask for at a time",
    1_000: "many programs ask for at a time", 2_000: "many programs ask for at a time",
    10_000: "many programs ask for at most", 20_000: "Odoo's export dialogue takes of a selection",
    65_535: "an .xls sheet holds below its header",
    1_048_575: "an .xlsx sheet holds below its header",
  ]

  /// - Parameter counts: records by model.
  static func warnings(_ counts: [String: Int]) -> [Verdict.Reason] {
    counts.sorted { $0.key < $1.key }.compactMap { model, count in
      guard let cap = caps[count] else { return nil }
      return Verdict.Reason(
        code: "capped_export",
        message: "there are exactly \(count) records of \(model), as many as \(cap)",
        hint:
          "see in the registry whether there are more; if so, export them all, in batches if need be, and pack those in one tar"
      )
    }
  }
}
