package import Faults
package import Files

/// Something that lies in the inbox and cannot be taken out of it: it is told of by name, and
/// everything else goes on.
package struct Unclaimable: Fault {
  package let name: EntryName
  private let cause: FileFault

  init(_ name: EntryName, _ cause: FileFault) { (self.name, self.cause) = (name, cause) }

  package var code: String { "not_claimable" }
  package var message: String { "inbox/\(name) cannot be taken in: \(cause.message)" }
  package var hint: String? { cause.hint }
  /// What somebody put there is to blame, unless the machine itself has failed.
  package var blame: Blame {
    switch cause.kind {
    case .notPermitted, .folderNotEmpty, .notAFolder, .notARegularFile, .hardLinked: .input
    default: cause.blame
    }
  }
}
