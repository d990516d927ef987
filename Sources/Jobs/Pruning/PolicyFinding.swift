import Faults
package import JSONText
import Policies
import Store

/// What a look at a policy found: counts, or why nothing can be deleted, or both where a run stopped
/// to ask.
package struct PolicyFinding: Sendable, Equatable {
  package struct Counts: Sendable, Equatable {
    /// Registrants that the policy's domain picks, and those of whom something would go.
    package var matched: Int
    package var registrants: Int
    /// VIDs that a run would delete, out of all that the snapshot has.
    package var toDelete: Int
    package var vids: Int
    package var leftOut: [String: Int]
  }

  /// A fault, as far as it is told again later.
  package struct Reason: Sendable, Equatable {
    package var code: String
    package var message: String
    package var hint: String?
  }

  package var counts: Counts?
  package var reason: Reason?

  init(_ plan: PrunePlan, stoppedBy fault: (any Fault)?) {
    counts = Counts(
      matched: plan.matched, registrants: plan.registrants, toDelete: plan.items.count,
      vids: plan.vids, leftOut: plan.keptByReason)
    reason = fault.map(Reason.init)
  }

  init(_ fault: any Fault) { reason = Reason(fault) }

  package var json: JSON {
    .object(present: [
      ("counts", counts?.json),
      (
        "reason",
        reason.map { reason in
          .object(present: [
            ("code", .string(reason.code)), ("message", .string(reason.message)),
            ("hint", reason.hint.map(JSON.string)),
          ])
        }
      ),
    ])
  }

  var text: String { json.line() }

  /// Nil for what we did not write.
  init?(parsing text: String) {
    guard let json = try? JSONDocument(parsing: text).root.json else { return nil }
    counts = json["counts"].flatMap(Counts.init)
    reason = json["reason"].flatMap { reason in
      guard let code = reason["code"]?.text, let message = reason["message"]?.text else {
        return nil
      }
      return Reason(code: code, message: message, hint: reason["hint"]?.text)
    }
  }
}

extension PolicyFinding.Reason {
  init(_ fault: any Fault) {
    self.init(code: fault.code, message: fault.message, hint: fault.hint)
  }
}

extension PolicyFinding.Counts {
  fileprivate var json: JSON {
    [
      "matched": .count(matched), "registrants": .count(registrants),
      "to_delete": .count(toDelete), "vids": .count(vids), "left_out": .counts(leftOut),
    ]
  }

  fileprivate init?(_ json: JSON) {
    func count(_ key: String) -> Int { json[key]?.integer.map(Int.init) ?? 0 }
    guard case .object(let reasons)? = json["left_out"] else { return nil }
    self.init(
      matched: count("matched"), registrants: count("registrants"), toDelete: count("to_delete"),
      vids: count("vids"),
      leftOut: Dictionary(
        uniqueKeysWithValues: reasons.map { ($0.key, Int($0.value.integer ?? 0)) }))
  }
}
