import Faults
import JQ
import JSONText
import Keys
import Language
import Policies
import Store

/// Everything that stands against a job, gathered before any of it is reported: what is wrong with
/// its manifest, what the policy does not let leave, what the snapshot does not hold.
struct JobObjections {
  private let parts: ManifestParts
  private(set) var faults: [any Fault]

  init(_ reading: ManifestReading) {
    parts = reading.parts
    faults = reading.faults
    guard let format = parts.outputFormat else { return }
    do throws(JQFault) { _ = try JQProgram(format.expression) } catch {
      faults.append(format.place.fault(error.code, error.message, hint: error.hint))
    }
  }

  /// - Throws: all of them, if there are any.
  func raise() throws(FaultList) {
    if let all = FaultList(of: faults) { throw all }
  }

  /// Runs a step that the next ones may do without.
  mutating func attempt<Value>(_ step: () throws -> Value) -> Value? {
    do { return try step() } catch {
      faults.append((error as? any Fault) ?? JobObjections.unknown)
      return nil
    }
  }

  /// What the site policy has against it: no such stream, fields that may not leave.
  mutating func hold(against policy: SitePolicy) {
    guard let recipient = parts.recipient else { return }
    let check = PolicyCheck(policy)
    _ = attempt { [input = parts.input] in try check.stream(named: recipient, for: input) }
    faults += check.faults(of: parts.fields, on: recipient).map { $0 as any Fault }
  }

  /// What the snapshot has against it: fields and conditions that it cannot answer.
  mutating func hold(against catalog: ModelCatalog) {
    let name = parts.input.store.mainModel
    if let filter = parts.filter {
      let found = Resolver(catalog: catalog).faults(
        of: filter, on: name, activeTest: parts.input.store == .registry && parts.activeTest)
      faults += found.map { $0 as any Fault }
    }
    guard let model = catalog[name] else { return }
    for field in parts.fields {
      _ = attempt { try JobPlan.selected(field, model, catalog) }
    }
    for term in parts.order {
      _ = attempt { try JobPlan.sorted([term], model) }
    }
  }

  private static let unknown = JobFault(
    code: "internal_error", message: "airlock failed on this manifest in a way it should not",
    hint: "this is a defect of airlock: please report it", blame: .bug)
}
