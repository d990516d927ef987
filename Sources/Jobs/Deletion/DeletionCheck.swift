import Faults
import JSONText
import Policies
import Store

/// `airlock check` of a VID-deletion policy.
extension DropCheck {
  /// - Throws: all that is wrong with it; with a site, also what its policy and snapshot say.
  func deletion(_ document: JSONDocument, _ path: String) throws -> Finding {
    let bounded = try JSONDocument(parsing: document.text, limits: VIDDeletionDecoder.limits)
    let reading = VIDDeletionDecoder.read(bounded)
    let name = DropCheck.warnings(ofName: path)
    guard let site else {
      if let faults = FaultList(of: reading.faults) { throw faults }
      return Finding(
        kind: "vid-deletion",
        facts: reading.sound.facts + ["only its form was checked: no site was named"],
        warnings: name)
    }
    let scope = try DropCheck.scope(reading, on: site)
    return Finding(
      kind: "vid-deletion", facts: try scope.facts + scope.policy.facts,
      warnings: name + scope.warnings)
  }

  /// - Throws: a `FaultList`, also where there is no policy or snapshot to hold it against.
  private static func scope(
    _ reading: VIDDeletionReading, on site: Site
  ) throws -> DeletionScope {
    var faults = reading.faults
    func attempt<Value>(_ step: () throws -> Value) throws -> Value? {
      do { return try step() } catch let fault as any Fault {
        faults.append(fault)
        return nil
      }
    }
    let policy = try attempt { try PolicyInForce.read(site).policy().policy }
    let snapshot = try attempt {
      try SnapshotStore.open(site.store, .registry, bounds: site.bounds)
    }
    guard let policy, let snapshot else {
      throw FaultList(of: faults) ?? FaultList(JobFault.noSnapshot)
    }
    return try DeletionScope(reading, policy, over: snapshot)
  }

  private static func warnings(ofName path: String) -> [Verdict.Reason] {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    guard name.hasSuffix(".json"), StreamName.isValid(String(name.dropLast(5))), name != "site.json"
    else {
      return [
        Verdict.Reason(
          code: "bad_name", message: "under this name it would not count",
          hint:
            "call it policies/NAME.json: 1 to 64 lower-case letters, digits, \"-\" and \"_\", and not site.json"
        )
      ]
    }
    return []
  }
}

extension DeletionScope {
  /// Whose, and of which types: counts, ids and names of types.
  fileprivate var facts: [String] {
    get throws {
      let count = try search.count()
      return [
        "\(count) registrants are picked by the domain",
        "VIDs are of the id type \(list(vidTypes)), tokens of \(list(tokenTypes))",
      ]
    }
  }

  private func list(_ ids: [Int64]) -> String {
    ids.isEmpty ? "none yet" : ids.map(String.init).joined(separator: ", ")
  }
}

extension VIDDeletionPolicy {
  /// What it says, in words.
  fileprivate var facts: [String] {
    let source =
      switch tokenSource {
      case .verifiedResult: "a token of a sealed, signed result"
      case .result: "a token of any result"
      case .registry: "a token, also one that only the registry has"
      }
    let reach = reach == .matched ? "the VID that was answered" : "every VID of the registrant"
    let hold = holdHours > 0 ? [", known for \(holdHours) hours"] : []
    let status = tokenStatus == nil ? [] : [", with a certain status"]
    let most = mostVIDs.map { "\($0) VIDs or " } ?? ""
    return [
      ([source] + hold + status).joined() + ", deletes \(reach)",
      "a run stops and asks beyond \(most)\(mostPercent) % of the snapshot's VIDs",
      isEnabled ? "on: every \(intervalMinutes) minutes" : "off: it deletes nothing",
    ]
  }
}
