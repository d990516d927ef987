/// Bounds on what is taken in.
package struct IntakeLimits: Sendable, Equatable {
  /// How long a file must hold still before it counts as complete, in milliseconds.
  package var quietMilliseconds = 2_000
  /// Bytes of one drop.
  package var bytes: Int64 = 64 << 30
  /// Bytes of one drop after decompression.
  package var expandedBytes: Int64 = 256 << 30
  /// Files in one tar or zip.
  package var entries = 1_000
  /// Levels of nesting in one document or record.
  package var depth = 64
  /// Bytes of one line or record.
  package var lineBytes = 16 << 20
  /// Bytes of one manifest.
  package var manifestBytes: Int64 = 8 << 20
  /// Bytes that must stay free on the disk of the store.
  package var freeBytes: Int64 = 64 << 20
  /// Drops that are claimed at a time; the rest wait for the next pass, which follows at once.
  package var dropsPerPass = 50
  /// Hours after which a `.sha256` or `.minisig` without its file is told of.
  package var orphanHours = 24
  /// A whole snapshot that shares fewer of the partners in force, or has fewer records of a model or
  /// VIDs, in per cent, is held; 0 holds none.
  package var leastAlikePercent = 50

  /// Of what Odoo keeps in several languages, the one that is read (the policy's `language`).
  package var language = "en_US"

  /// Names that are left alone beside those that always are; one `*` stands for any text.
  package var ignored: [NamePattern] = []
  /// How a drop says that it is whole.
  package var completion = Completion.quiet

  package enum Completion: String, Sendable, CaseIterable {
    /// It has held still for the quiet time.
    case quiet
    /// Uploads get their name at the end, by a rename: what has a name is whole.
    case rename
    /// `NAME.done` lies beside it.
    case doneFile = "done-file"
  }

  package init() {}

  package var quiet: Duration {
    completion == .rename ? .zero : .milliseconds(quietMilliseconds)
  }
}
