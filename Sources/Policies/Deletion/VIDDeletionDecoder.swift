package import Faults
package import JSONText
import Language

/// Reads a VID-deletion policy (`"airlock": "vid-deletion"`, version 1), and says where each fault
/// is: all of them, not the first. A key that is not known is a fault.
package enum VIDDeletionDecoder {
  /// The limits of a policy's JSON.
  package static let limits = JSONLimits(bytes: 4 << 20, depth: 256)
  /// What `"$schema"` may say, so that editors find the schema.
  package static let schema = "urn:airlock:schema:vid-deletion:1"

  /// - Throws: `JSONFault` for what is not JSON; a `FaultList` of all that is wrong with it.
  package static func decode(_ text: [UInt8]) throws -> VIDDeletionPolicy {
    let document = try JSONDocument(parsing: text, limits: limits)
    let reading = read(document)
    if let faults = FaultList(of: reading.faults) { throw faults }
    guard let policy = reading.policy else {
      throw FaultList(
        JSONCursor(document).fault("not_a_policy", "this cannot be read as a policy"))
    }
    return policy
  }

  /// Everything that can be read of it, and every fault of the rest.
  package static func read(_ document: JSONDocument) -> VIDDeletionReading {
    do {
      var object = try JSONCursor(document).object()
      try DocumentKind.require("vid-deletion", of: &object)
      var reader = VIDDeletionReader(object)
      return reader.read()
    } catch {
      return VIDDeletionReading(policy: nil, faults: [error], sound: VIDDeletionPolicy.nobody)
    }
  }
}

/// What a reading of a policy came to.
package struct VIDDeletionReading: Sendable {
  /// Nil if there is any fault.
  package let policy: VIDDeletionPolicy?
  /// Not in any order; a `FaultList` puts them into the text's.
  package let faults: [any Fault]
  /// What is sound in it, the usual in place of the rest: to be held against the snapshot, so that
  /// its faults are told together with the others. Never to be run.
  package let sound: VIDDeletionPolicy

  init(policy: VIDDeletionPolicy?, faults: [any Fault], sound: VIDDeletionPolicy) {
    (self.policy, self.faults, self.sound) = (policy, faults, sound)
  }

  /// Of a policy without a fault.
  package init(_ policy: VIDDeletionPolicy) {
    self.init(policy: policy, faults: [], sound: policy)
  }
}

extension VIDDeletionPolicy {
  /// Picks nobody.
  static var nobody: VIDDeletionPolicy { VIDDeletionPolicy(domain: .constant(false)) }
}
