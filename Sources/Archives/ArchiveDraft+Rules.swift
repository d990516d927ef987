extension ArchiveDraft {
  static let sequences: ClosedRange<Int64> = 1...(1 << 53)
  static let recordCounts: ClosedRange<Int64> = 0...(1 << 40)
  /// The names of batches have six digits.
  static let batchCounts: ClosedRange<Int64> = 0...999_999
  static let maxFields = 1_000

  /// The first rule that the parts together break, for reading and writing alike.
  var objection: String? {
    if !ArchiveDraft.sequences.contains(sequence) { return "the sequence is out of range" }
    if !ArchiveDraft.recordCounts.contains(records) { return "the record count is out of range" }
    if !ArchiveDraft.batchCounts.contains(batches) { return "the batch count is out of range" }
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

  /// Letters, digits, `_`, `.`, `-`, `/` and `:` of ASCII.
  private static func isFieldName(_ name: String) -> Bool {
    (1...128).contains(name.utf8.count)
      && name.utf8.allSatisfy {
        ArchiveLabel.isWord($0) || (0x2D...0x2F).contains($0) || $0 == 0x3A
      }
  }
}
