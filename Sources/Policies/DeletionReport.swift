package import JSONText

/// What a run of a VID-deletion policy deleted, in counts.
package struct DeletionReport: Sendable, Equatable {
  package var policy: String
  /// Of the policy's file, salted, in hex.
  package var digest: String
  /// Registrants that the policy's domain picked.
  package var matched: Int
  /// Those of whom VIDs were deleted.
  package var registrants: Int
  package var vids: Int
  /// Registrants of whom nothing was deleted, by reason.
  package var leftOut: [String: Int]
  package var snapshotDigest: String
  /// Path of the certificate below the outbox, and its digest in hex.
  package var certificate: String
  package var certificateDigest: String

  package init(
    policy: String, digest: String, matched: Int, registrants: Int, vids: Int,
    leftOut: [String: Int], snapshotDigest: String, certificate: String, certificateDigest: String
  ) {
    (self.policy, self.digest, self.matched) = (policy, digest, matched)
    (self.registrants, self.vids, self.leftOut) = (registrants, vids, leftOut)
    self.snapshotDigest = snapshotDigest
    (self.certificate, self.certificateDigest) = (certificate, certificateDigest)
  }

  package var json: JSON {
    [
      "policy": .string(policy), "digest": .string(digest), "matched": .count(matched),
      "registrants": .count(registrants), "deleted": .count(vids), "left_out": .counts(leftOut),
      "snapshot": .string(snapshotDigest),
      "certificate": ["file": .string(certificate), "digest": .string(certificateDigest)],
    ]
  }
}

/// What the registry is asked to change.
package struct PatchReport: Sendable, Equatable {
  /// Tokens to add, tokens to put into rows without a value, and VIDs to unlink.
  package var adds: Int
  package var sets: Int
  package var unlinks: Int
  package var archive: ArchiveReport

  package init(adds: Int, sets: Int, unlinks: Int, archive: ArchiveReport) {
    (self.adds, self.sets, self.unlinks, self.archive) = (adds, sets, unlinks, archive)
  }

  package var json: JSON {
    [
      "add": .count(adds), "set": .count(sets), "unlink": .count(unlinks), "archive": archive.json,
    ]
  }
}
