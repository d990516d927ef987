import Archives
import Faults
import JSONText
import Policies
import Secrets
import Store

/// What a run of ours came to: all that its verdict, its certificate and the ledger say. It is
/// committed together with what the run did, so that a killed process ends it with the same words.
/// Counts, digests and names only.
struct PolicyRunOutcome: Equatable {
  /// The archive that the registry's patch is sealed in.
  struct Patch: Equatable {
    var stream: String
    var sequence: Int64
    /// The archive's name.
    var file: String
    var digest: Digest
    var bytes: Int64
    var adds: Int
    var sets: Int
    var unlinks: Int
  }

  /// What a policy's run deleted.
  struct Deletion: Equatable {
    var policy: String
    var digest: Digest
    var matched: Int
    var registrants: Int
    var leftOut: [String: Int]
    /// The policy's own words.
    var reach: String
    var token: String
  }

  /// The name of the run's drop.
  var drop: String
  var snapshot: Digest
  /// Nil for a run that only tells the registry of tokens.
  var deletion: Deletion?
  var patch: Patch?
}

extension PolicyRunOutcome {
  var text: String {
    JSON.object(present: [
      ("drop", .string(drop)), ("snapshot", .string(snapshot.hex)),
      ("deletion", deletion?.json), ("patch", patch?.json),
    ]).line()
  }

  /// - Throws: `internal_error` for what we did not write.
  init(parsing text: String) throws {
    let json = try JSONDocument(parsing: text).root.json
    guard let drop = json["drop"]?.text,
      let snapshot = json["snapshot"]?.text.flatMap(Digest.init(hex:))
    else { throw Self.broken }
    self.init(
      drop: drop, snapshot: snapshot, deletion: try json["deletion"].map(Deletion.init),
      patch: try json["patch"].map(Patch.init))
  }

  static let broken = JobFault(
    code: "internal_error", message: "store/tokens.sqlite holds a run that cannot be read",
    hint: "restore the newest store/tokens.sqlite", blame: .bug)
}

extension PolicyRunOutcome.Deletion {
  fileprivate var json: JSON {
    [
      "policy": .string(policy), "digest": .string(digest.hex), "matched": .count(matched),
      "registrants": .count(registrants), "left_out": .counts(leftOut),
      "reach": .string(reach), "token": .string(token),
    ]
  }

  fileprivate init(_ json: JSON) throws {
    guard let policy = json["policy"]?.text,
      let digest = json["digest"]?.text.flatMap(Digest.init(hex:)),
      let matched = json["matched"]?.integer, let registrants = json["registrants"]?.integer,
      case .object(let reasons)? = json["left_out"],
      let reach = json["reach"]?.text, let token = json["token"]?.text
    else { throw PolicyRunOutcome.broken }
    let counts = reasons.map { ($0.key, Int($0.value.integer ?? 0)) }
    self.init(
      policy: policy, digest: digest, matched: Int(matched), registrants: Int(registrants),
      leftOut: Dictionary(uniqueKeysWithValues: counts), reach: reach,
      token: token)
  }
}

extension PolicyRunOutcome.Patch {
  fileprivate var json: JSON {
    [
      "stream": .string(stream), "sequence": .int(sequence), "file": .string(file),
      "digest": .string(digest.hex), "bytes": .int(bytes), "adds": .count(adds),
      "sets": .count(sets),
      "unlinks": .count(unlinks),
    ]
  }

  fileprivate init(_ json: JSON) throws {
    guard let stream = json["stream"]?.text, let sequence = json["sequence"]?.integer,
      let file = json["file"]?.text,
      let digest = json["digest"]?.text.flatMap(Digest.init(hex:)),
      let bytes = json["bytes"]?.integer, let adds = json["adds"]?.integer,
      let unlinks = json["unlinks"]?.integer
    else { throw PolicyRunOutcome.broken }
    self.init(
      stream: stream, sequence: sequence, file: file, digest: digest, bytes: bytes,
      adds: Int(adds), sets: Int(json["sets"]?.integer ?? 0), unlinks: Int(unlinks))
  }
}
