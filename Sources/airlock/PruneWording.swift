import JSONText
import Jobs
import Policies
import Store

/// Dry runs of VID-deletion policies, in words and as JSON: ids and counts.
struct PruneWording {
  private let preview: DeletionPreview

  init(_ preview: DeletionPreview) { self.preview = preview }

  /// The counts, without the list.
  var lines: [String] {
    let (plan, policy) = (preview.plan, preview.policy)
    let state = policy.isEnabled ? "on, every \(policy.intervalMinutes) minutes" : "off"
    let (vids, all) = (grouped(plan.items.count), grouped(plan.vids))
    var lines = [
      "policy   \(preview.name) (\(state))", "matched  \(grouped(plan.matched))",
      "deletes  \(vids) of \(all) VIDs, of \(grouped(plan.registrants)) registrants",
    ]
    for (reason, count) in plan.keptByReason.sorted(by: { $0.key < $1.key }) {
      lines.append("keeps    \(grouped(count)) \(reason)")
    }
    if let stop = preview.stop { lines.append("stops    \(stop.message)") }
    return lines
  }

  /// One line for each row that goes.
  func forEachItem(_ body: (String) -> Void) {
    for item in preview.plan.items {
      body("registrant \(item.registrant)  reg id \(item.regID)")
    }
  }

  var json: JSON {
    let plan = preview.plan
    return .object(present: [
      ("policy", .string(preview.name)), ("enabled", .bool(preview.policy.isEnabled)),
      ("matched", .count(plan.matched)), ("registrants", .count(plan.registrants)),
      ("to_delete", .count(plan.items.count)), ("vids", .count(plan.vids)),
      (
        "left_out",
        .object(
          plan.keptByReason.sorted { $0.key < $1.key }.map { JSON.Member($0.key, .count($0.value)) }
        )
      ),
      ("stop", preview.stop.map { .string($0.message) }), ("confirm", .string(preview.code)),
      (
        "items",
        .array(
          plan.items.map { ["registrant": .int($0.registrant), "reg_id": .int($0.regID)] })
      ),
    ])
  }

  private func grouped(_ count: Int) -> String { VerdictWording.grouped(Int64(count)) }
}
