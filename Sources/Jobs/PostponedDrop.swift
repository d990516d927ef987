package import Faults
import Files
import JQ
import JSONText
import Secrets
import Snapshots
import Store
import Tarballs

/// A drop that the machine, and nothing in the drop, keeps from its end now: it stays claimed, and
/// its turn comes again.
package struct PostponedDrop: Fault {
  package let name: String
  private let cause: any Fault

  init(_ drop: Drop, _ cause: any Fault) { (name, self.cause) = (drop.name, cause) }

  package var code: String { cause.code }
  package var message: String { "\(name) waits: \(cause.message)" }
  package var hint: String? { cause.hint }
  package var blame: Blame { .environment }
}

extension Fault {
  /// Whether the machine failed, and another time may go well: a full disk, a device, a limit of this
  /// process. Such a fault says nothing of a drop, and never rejects one.
  var isOfTheMachine: Bool {
    switch self {
    case let fault as FileFault: FileFault.Kind.ofTheMachine.contains(fault.kind)
    case let fault as StoreFault:
      ["disk_full", "store_busy", "store_unreachable"].contains(fault.code)
    case let fault as JobFault: fault.code == "disk_full"
    case is SecretsFault, is TarballFault, is SnapshotFault, is JSONFault, is JQFault:
      blame == .environment
    default: false
    }
  }
}

extension FileFault.Kind {
  fileprivate static let ofTheMachine: Set<FileFault.Kind> = [
    .diskFull, .quotaExceeded, .fileTooLargeForSystem, .ioError, .readOnly, .staleHandle,
    .tooManyOpenFiles, .shortWrite, .notPermitted, .other,
  ]
}

/// When drops that wait for the machine have their turn again: later each time, so that a large one
/// does not fail without end. In memory only: a new process tries at once.
final class Postponements {
  private static let first: Int64 = 2_000
  private static let longest: Int64 = 300_000

  private var waits: [Int64: (until: Int64, pause: Int64)] = [:]

  /// - Parameter now: milliseconds since 1970.
  func isWaiting(_ drop: Drop, at now: Int64) -> Bool {
    // A clock that was set back must not make a drop wait longer than its pause.
    waits[drop.id].map { now < $0.until && now >= $0.until - $0.pause } ?? false
  }

  func postpone(_ drop: Drop, at now: Int64) {
    let pause = min(waits[drop.id].map { $0.pause * 2 } ?? Self.first, Self.longest)
    waits[drop.id] = (now + pause, pause)
  }

  func end(_ drop: Drop) { waits[drop.id] = nil }
}
