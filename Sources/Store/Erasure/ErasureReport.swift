/// What a scan looked at, and what it found. It holds paths and counts, never a value.
package struct ErasureReport: Sendable, Equatable {
  /// One folder of the site, with all below it.
  package struct Area: Sendable, Equatable {
    package let name: String
    package internal(set) var folders = 0
    package internal(set) var files = 0
    package internal(set) var bytes: Int64 = 0
  }

  package struct Finding: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable {
      /// In the bytes of the file.
      case plain
      /// In what is packed in the file.
      case packed
      /// In the name of the file, which therefore is not told.
      case name
      /// It may hold anything, sealed to this site: the site itself can open it.
      case sealedToSite = "sealed_to_site"
    }

    /// Below the site's root, escaped so that it may be printed anywhere.
    package let path: String
    package let kind: Kind
    /// How many times; 0 for what was not opened.
    package let hits: Int
  }

  /// Why something was not looked at.
  package enum Skipped: String, Sendable, CaseIterable {
    /// Files of secret keys are never opened.
    case secretKey = "secret_key"
    case symbolicLink = "symbolic_link"
    /// Sockets, pipes, devices.
    case special
    /// It was there, and then no more.
    case vanished
    /// It changed each time that it was read.
    case changing
    case unreadable
    /// Its bytes were looked at, and what is packed in them cannot be unpacked, or not whole.
    case notUnpacked = "not_unpacked"
    /// Beyond the number of files or the depth of folders that a scan goes to.
    case beyondLimit = "beyond_limit"

    /// Whether a VID may stand there all the same.
    package var leavesDoubt: Bool {
      switch self {
      case .secretKey, .symbolicLink, .special, .vanished: false
      case .changing, .unreadable, .notUnpacked, .beyondLimit: true
      }
    }
  }

  /// How many erased VIDs were looked for.
  package let erased: Int
  /// How many could not be: too short, too long, or from before prints were kept.
  package let unsearchable: Int
  /// Of how many different lengths they are.
  package let lengths: Int
  package internal(set) var areas: [Area] = []
  package internal(set) var skipped: [Skipped: Int] = [:]
  /// The first of them.
  package internal(set) var findings: [Finding] = []
  /// Further ones.
  package internal(set) var moreFindings = 0
  /// Files that hold something packed, which was looked at as well.
  package internal(set) var unpacked = 0
  /// Archives sealed to others: nobody here can read inside. Their bytes were looked at.
  package internal(set) var sealedToOthers = 0
  /// Some of what leaves doubt, for whoever is to mend it.
  package internal(set) var doubtful: [String] = []

  package static let mostFindings = 1_000

  package var found: Int { findings.count + moreFindings }
  /// Whether every erased VID was looked for everywhere.
  package var isWhole: Bool {
    unsearchable == 0 && !skipped.contains { $0.key.leavesDoubt && $0.value > 0 }
  }

  mutating func add(_ finding: Finding) {
    if findings.count < Self.mostFindings { findings.append(finding) } else { moreFindings += 1 }
  }

  mutating func skip(_ reason: Skipped, _ path: String) {
    skipped[reason, default: 0] += 1
    if reason.leavesDoubt, doubtful.count < 20 { doubtful.append(path) }
  }
}
