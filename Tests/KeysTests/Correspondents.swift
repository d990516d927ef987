import Files
import Foundation
import JSONText
import Keys
import Testing

/// A registry that rotates and revokes, and an MTS that has its card.
struct Correspondents {
  let site: Site
  let registry: KeyFolder
  let mts: KeyFolder
  let old: Card
  private let other: Site

  init() throws {
    (site, other) = (try Site(), try Site())
    (registry, mts) = (try site.keys(), try other.keys())
    old = try registry.createIdentity(named: KeyName("registry")).card
    try mts.createIdentity(named: KeyName("mts"))
    try mts.add(old)
  }

  /// With the old key in force.
  func announce(
    at day: String = "2026-02-01", from: String = "2026-03-01", until: String = "2026-04-01"
  ) throws -> Rotation {
    try registry.announceRotation(
      of: registry.identity(), at: moment(day), from: moment(from), until: moment(until))
  }

  func read(_ name: String = "registry.rotation.json") throws -> ([UInt8], [UInt8]) {
    (Array(try site.text(name).utf8), Array(try site.text(name + ".minisig").utf8))
  }

  @discardableResult
  func tell(_ day: String = "2026-02-02") throws -> (Rotation, isNew: Bool) {
    let (text, signature) = try read()
    return try mts.add(rotation: text, signature: signature, at: moment(day))
  }

  func finish(_ day: String) throws -> Card { try registry.finishRotation(at: moment(day)) }

  @discardableResult
  func revoke(
    _ which: String, _ reason: Revocation.Reason = .compromised, since: String = "2026-02-01"
  ) throws -> RevocationList {
    try registry.revoke(
      which, reason, since: moment(since), signer: registry.identity())
  }

  @discardableResult
  func tellRevoked(_ day: String = "2026-02-02") throws -> (RevocationList, isNew: Bool) {
    let (text, signature) = try read("REVOKED.json")
    return try mts.add(revocations: text, signature: signature, at: moment(day))
  }

  /// The registry's folder as it is now.
  func copy(of other: Site? = nil) throws -> Site {
    let from = other ?? site
    let copy = try Site()
    for name in try from.names() {
      try FileManager.default.copyItem(
        atPath: "\(from.path)/\(name)", toPath: "\(copy.path)/\(name)")
    }
    return copy
  }

  /// Where the MTS keeps its keys.
  var mtsSite: Site { other }
}
