/// Archives: what crosses the gap. A header that anybody can read and a payload that only its
/// recipients can, both under one signature. `docs/archive-format.md` is the contract.
///
/// Trust grows by type: `UnverifiedArchive` has a sound form, `VerifiedArchive` came from a known
/// sender, and only that one opens. Writing goes the other way: a `PayloadSpool` takes the packed
/// files, encrypted as they come, `ArchiveWriter` makes a `StagedArchive` of it, and only that one
/// is published, signature first.
///
/// Must never: put plaintext on a disk before it is to be read there, show a byte that was not
/// authenticated to its end, leave half an archive or half an opening behind, or put a
/// registrant's value in a header or a fault.

/// What an archive is for. It stands in the signed header, so that none passes for another.
package enum ArchiveKind: String, Sendable, Hashable, CaseIterable {
  case mtsRequest = "mts-request"
  case mtsResults = "mts-results"
  case registryPatch = "registry-patch"
  /// A drop, sealed to a site by one who sends it: one file, judged there as if dropped in plain.
  case snapshot
  case job

  /// Whether it carries one drop, and stands in no order.
  package var isDrop: Bool { self == .snapshot || self == .job }

  /// Whether a receiver takes archives of it in the order of their numbers. Results name what they
  /// answer, drops follow nothing: of both, the same one twice is all that is out of order.
  package var isOrdered: Bool { self == .mtsRequest || self == .registryPatch }
}

/// The name of a stream or a job: what may stand in a file name and on a terminal.
package struct ArchiveLabel: Sendable, Hashable, CustomStringConvertible {
  package static let longest = 100

  package let text: String

  /// Nil unless these are 1 to 100 letters, digits, `.`, `_` or `-` of ASCII, the first one a
  /// letter or digit.
  package init?(_ text: String) {
    let isPlain = text.utf8.allSatisfy { ArchiveLabel.isWord($0) || $0 == 0x2D || $0 == 0x2E }
    guard isPlain, (1...ArchiveLabel.longest).contains(text.utf8.count),
      let first = text.utf8.first, ArchiveLabel.isWord(first), first != 0x5F
    else { return nil }
    self.text = text
  }

  package var description: String { text }

  /// A letter, digit or underscore.
  static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F: true
    default: false
    }
  }
}
