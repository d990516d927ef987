import Archives
import Faults
import Files
import JSONText
import Keys
import Policies

/// What a site does with its keys: whose count, and whether its own may be used.
extension Site {
  /// - Throws: what stands in the way of believing any key, as `KeyFolder.keyring`.
  func keyring() throws -> Keyring { try KeyFolder(keys).keyring() }

  /// - Throws: `own_key_…` when the key that signs may not sign archives now: nothing leaves then.
  func requireFit(_ signer: Card, at now: UTCTime) throws {
    do { try keyring().check(signer, for: .archives, at: now) } catch let fault as KeysFault {
      guard KeysFault.unfit.contains(fault.kind) else { throw fault }
      throw JobFault(
        code: "own_\(fault.code)",
        message: "nothing leaves with the site's own key: \(fault.message)",
        hint: fault.hint, blame: .environment)
    }
  }

  /// The key that the signer has announced, for the headers of its archives.
  func nextKey(after signer: Card) throws -> NextKey? {
    guard let rotation = try KeyFolder(keys).announced(), rotation.old == signer.fingerprint else {
      return nil
    }
    return NextKey(rotation.next, from: rotation.from)
  }
}

extension DropTrust.Kind {
  /// What the key of one who drops it must be for.
  var usage: KeyUsage {
    switch self {
    case .snapshot: .snapshots
    case .job: .jobs
    case .result: .results
    }
  }
}
