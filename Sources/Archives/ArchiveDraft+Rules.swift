internal import Secrets

extension ArchiveDraft {
  static let sequences: ClosedRange<Int64> = 1...(1 << 53)
  static let recordCounts: ClosedRange<Int64> = 0...(1 << 40)
  /// The names of batches have six digits.
  static let batchCounts: ClosedRange<Int64> = 0...999_999
  static let maxFields = 1_000

  /// The first rule that the parts together break, for reading and writing alike.
  /// - Parameter sender: the key that signs.
  func objection(of sender: SigningKeyID) -> String? {
    if nextKey?.keyID == sender { return "the next key is the one in force" }
    return objection
  }

  private var objection: String? {
    if !ArchiveDraft.sequences.contains(sequence) { return "the sequence is out of range" }
    if !ArchiveDraft.recordCounts.contains(records) { return "the record count is out of range" }
    if !ArchiveDraft.batchCounts.contains(batches) { return "the batch count is out of range" }
    if kind.isDrop { return dropObjection }
    if kind == .registryPatch, batches != 0 { return "a registry patch has no batches" }
    if (sequence == 1) != (previous == nil) {
      return "the first archive of a stream has no previous one, and every other has"
    }
    if fields.count > ArchiveDraft.maxFields { return "there are too many fields" }
    if let bad = fields.firstIndex(where: { !ArchiveDraft.isFieldName($0) }) {
      return "field \(bad + 1) has a name that no field has"
    }
    if Set(fields).count != fields.count { return "a field is named twice" }
    let sources = [digests.snapshot, digests.manifest, digests.policy]
    if kind == .mtsRequest, sources.contains(nil) { return "a digest is missing" }
    return nil
  }

  /// A sealed drop follows nothing and counts nothing; it says what its one file is.
  private var dropObjection: String? {
    if previous != nil { return "a sealed drop has no previous archive" }
    if nextKey != nil { return "a sealed drop announces no key" }
    if records != 0 || batches != 0 || !fields.isEmpty { return "a sealed drop counts nothing" }
    let (own, other) =
      kind == .snapshot
      ? (digests.snapshot, digests.manifest) : (digests.manifest, digests.snapshot)
    return own == nil || other != nil || digests.policy != nil
      ? "a sealed drop has the digest of its own file, and no other" : nil
  }

  /// Letters, digits, `_`, `.`, `-`, `/` and `:` of ASCII.
  private static func isFieldName(_ name: String) -> Bool {
    (1...128).contains(name.utf8.count)
      && name.utf8.allSatisfy {
        ArchiveLabel.isWord($0) || (0x2D...0x2F).contains($0) || $0 == 0x3A
      }
  }
}
