internal import Language

/// What a snapshot may cost, and how it is read. The defaults suit a registry of any size.
package struct SnapshotLimits: Sendable, Hashable {
  /// Bytes of one record.
  package var recordBytes = 16 << 20
  /// Values in one record, all levels counted.
  package var recordValues = 1 << 20
  /// Bytes of one cell of CSV.
  package var cellBytes = 4 << 20
  /// Levels of nesting in one record.
  package var depth = 64
  /// Fields of one model.
  package var fields = 1_000
  /// Models of one snapshot.
  package var models = 500
  /// Bytes of one `fields_get` file.
  package var descriptionBytes = 8 << 20
  /// Bytes of the list of what a delta removes.
  package var deletionBytes = 256 << 20
  /// Bytes of text that are read, parsed and handed on at a time.
  package var batchBytes = 256 << 10

  /// Of what was translated, the language that is read.
  package var language = LanguageCode.source

  package init() {}
}
