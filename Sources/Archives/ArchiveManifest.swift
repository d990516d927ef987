package import JSONText

/// The text of `manifest.json` in a payload: canonical JSON and a newline, so that no two readers take
/// it for two things.
package enum ArchiveManifest {
  static let limit = 1 << 20
  /// How deep its values may stand; it stands at 1 itself.
  static let depth = 16

  package static func text(_ json: JSON) -> [UInt8] { json.canonical() + [0x0A] }

  /// The object; nil for all that is not written like that.
  static func parse(_ text: [UInt8]) -> JSON? {
    let limits = JSONLimits(bytes: limit, depth: depth)
    guard let json = try? JSONDocument(parsing: text, limits: limits).root.json,
      case .object = json, isWhole(json), self.text(json) == text
    else { return nil }
    return json
  }

  /// A fraction has no canonical form.
  private static func isWhole(_ json: JSON) -> Bool {
    switch json {
    case .double: false
    case .array(let elements): elements.allSatisfy(isWhole)
    case .object(let members): members.allSatisfy { isWhole($0.value) }
    default: true
    }
  }
}
