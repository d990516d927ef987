/// What jq says of an expression: it quotes the expression, which may hold anything, so that only
/// the line's number and a name that looks like one are taken from it.
struct JQComplaint {
  private let text: String

  init(_ text: String) { self.text = text }

  var fault: JQFault {
    if text.contains("module not found") || text.contains("Import path") {
      return JQFault(.module, line)
    }
    if text.contains(" is not defined") {
      return JQFault(.unknownFunction, [name, line].compactMap(\.self).joined(separator: ", "))
    }
    return JQFault(.syntax, line)
  }

  /// `jq: error: NAME/ARITY is not defined at …`
  private var name: String? {
    guard let end = text.firstRange(of: " is not defined"),
      let word = text[..<end.lowerBound].split(separator: " ").last
    else { return nil }
    let letters = word.prefix { $0 != "/" }
    let isName = letters.utf8.allSatisfy { byte in
      (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte)
        || "_$:".utf8.contains(byte)
    }
    return isName && letters.utf8.count <= 32 && word.utf8.count <= 36 ? String(word) : nil
  }

  /// `… at <top-level>, line 3:`
  private var line: String? {
    guard let start = text.firstRange(of: "<top-level>, line ") else { return nil }
    let digits = text[start.upperBound...].prefix { $0.isASCII && $0.isNumber }
    return digits.isEmpty ? nil : "line \(digits) of it"
  }
}
