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

  /// Whether an entry of Central's zip is a picture or the like.
  static func isAttachment(_ name: String) -> Bool {
    name.split(separator: "/").dropLast().last == "media"
  }

  private static func isOData(_ text: ArraySlice<UInt8>) -> Bool {
    text.withUnsafeBufferPointer { bytes in
      (try? JSONForm(bytes, file: "")) == .answer(.odata(.submissions))
    }
  }

  private static func isTable(_ text: ArraySlice<UInt8>) -> Bool {
    let line = text.prefix { $0 != 0x0A && $0 != 0x0D }
    let names = Set(
      String(decoding: line, as: UTF8.self).split(separator: ",").map {
        $0.trimmingPrefix("\"").prefix { $0 != "\"" }
      })
    return names.contains("KEY")
      && (names.contains("SubmissionDate") || names.contains("PARENT_KEY"))
  }
}
