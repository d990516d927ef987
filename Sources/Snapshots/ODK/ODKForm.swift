/// How submissions came: told by the first bytes of a file.
enum ODKForm: Sendable, Hashable {
  /// OData, `{"value": [{"__id": …}]}`.
  case json
  /// A table of Central's CSV export.
  case csv

  /// Nil if this is nothing of ODK's.
  init?(_ start: [UInt8]) { return nil }

  /// Whether an entry of Central's zip is a picture or the like.
  static func isAttachment(_ name: String) -> Bool {
    name.split(separator: "/").dropLast().last == "media"
  }
}
