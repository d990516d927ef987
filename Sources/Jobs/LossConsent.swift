import Faults
import Language
import Store

/// What a job must not pass over: a filter on what the export has lost needs the operator's word
/// (`accept_loss`), and one on names that did not come cannot be answered at all.
enum LossConsent {
  /// - Returns: the losses that the filter meets, all of them accepted; as the manifest names them.
  /// - Throws: a `FaultList` of what is not.
  static func accepted(_ lacks: [Lack], by manifest: Manifest) throws(FaultList) -> [String] {
    let refused = lacks.filter { lack in
      lack.kind != .lostOnExport || !manifest.acceptLoss.contains(lack.field)
    }
    if let all = FaultList(of: refused.map { $0 as any Fault }) { throw all }
    return lacks.map(\.field).sorted()
  }
}
