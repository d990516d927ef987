/// How submissions came: told by the first bytes of a file.
enum ODKForm: Sendable, Hashable {
  /// OData, `{"@odata.context": …, "value": [{"__id": …}]}`.
  case json
  /// A table of Central's CSV export.
  case csv

  /// Nil if this is nothing of ODK's.
  init?(_ start: [UInt8]) {
    let text = start.starts(with: [0xEF, 0xBB, 0xBF]) ? start.dropFirst(3) : start[...]
    if ODataStart(text).isSubmissions {
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

/// The beginning of an OData answer: members of text and numbers, then `"value": [`.
struct ODataStart {
  private let text: ArraySlice<UInt8>
  /// Where the records begin; nil if this is no such answer.
  private(set) var records: Int?
  private(set) var isSubmissions = false

  init(_ text: ArraySlice<UInt8>) {
    self.text = text
    var at = text.startIndex
    guard take("{", &at) else { return }
    var hasContext = false
    while let name = string(&at), take(":", &at) {
      if name == "value" {
        guard take("[", &at) else { return }
        records = at
        var first = at
        isSubmissions =
          hasContext || (take("{", &first) && string(&first) == "__id" && take(":", &first))
        return
      }
      if name == "@odata.context" { hasContext = true }
      guard name.hasPrefix("@odata."), skipScalar(&at), take(",", &at) else { return }
    }
  }

  private func take(_ mark: Character, _ at: inout Int) -> Bool {
    while at < text.endIndex, Blank.matches(text[at]) { at += 1 }
    guard at < text.endIndex, text[at] == mark.asciiValue else { return false }
    at += 1
    return true
  }

  /// A text without escapes.
  private func string(_ at: inout Int) -> String? {
    guard take("\"", &at), let end = text[at...].firstIndex(of: UInt8(ascii: "\"")) else {
      return nil
    }
    defer { at = end + 1 }
    return String(decoding: text[at..<end], as: UTF8.self)
  }

  private func skipScalar(_ at: inout Int) -> Bool {
    var ahead = at
    if string(&ahead) != nil {
      at = ahead
      return true
    }
    while at < text.endIndex, text[at] != UInt8(ascii: ",") {
      guard text[at] != UInt8(ascii: "{"), text[at] != UInt8(ascii: "[") else { return false }
      at += 1
    }
    return at < text.endIndex
  }
}
