/// How submissions came: told by the first bytes of a file.
enum ODKForm: Sendable, Hashable {
  /// OData, `{"@odata.context": …, "value": [{"__id": …}]}`.
  case json
  /// A table of Central's CSV export.
  case csv

  /// Nil if this is nothing of ODK's.
  init?(_ start: [UInt8]) {
    let text = start.starts(with: [0xEF, 0xBB, 0xBF]) ? start.dropFirst(3) : start[...]
    if Self.isOData(text) {
      self = .json
    } else if Self.isTable(text) {
      self = .csv
    } else {
      return nil
    }
  }

  /// Where Central's zip has pictures and other attachments.
  static let mediaFolder = "media"

  /// Whether an entry of Central's zip is a picture or the like.
  static func isAttachment(_ name: String) -> Bool {
    name.split(separator: "/").dropLast().last == mediaFolder[...]
  }

  private static func isOData(_ text: ArraySlice<UInt8>) -> Bool {
    text.withUnsafeBufferPointer { bytes in
      (try? JSONForm(bytes, file: "")) == .answer(.odata(.submissions))
    }
  }

  /// Whether this is the log of how a form was filled in, `FORM - audit.csv`, told by its columns. It
  /// holds no answers of its own.
  static func isAudit(_ start: [UInt8]) -> Bool {
    columns(start[...]).isSuperset(of: ["event", "node", "start", "end"])
  }

  private static func columns(_ text: ArraySlice<UInt8>) -> Set<Substring> {
    let line = text.prefix { $0 != 0x0A && $0 != 0x0D }
    return Set(
      String(decoding: line, as: UTF8.self).split(separator: ",").map {
        $0.trimmingPrefix("\"").prefix { $0 != "\"" }
      })
  }

  private static func isTable(_ text: ArraySlice<UInt8>) -> Bool {
    let names = columns(text)
    return names.contains("KEY")
      && (names.contains("SubmissionDate") || names.contains("PARENT_KEY"))
  }
}
