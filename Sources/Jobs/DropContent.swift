import Files
import JSONText
import Secrets

/// What a drop is, told by its content and never by its name.
enum DropContent {
  /// A document of ours: JSON with `"airlock": KIND` on top.
  case document(JSONDocument, kind: String, digest: Digest)
  /// Anything else is taken for registry data, which the snapshot reader judges.
  case snapshot
  /// A document of ours by its looks, that cannot be read as JSON.
  case broken(JSONFault, digest: Digest)

  /// - Parameters:
  ///   - limit: bytes of the largest document.
  ///   - open: opens the drop at its first byte, under the given bound.
  /// - Throws: `FileFault` for what is not a regular file of one name, or cannot be read.
  static func recognise(
    limit: Int64, open: (_ bound: Int64) throws -> OpenFile
  ) throws -> DropContent {
    let file = try open(.max)
    var start = [UInt8](repeating: 0, count: 4096)
    let count = try start.withUnsafeMutableBytes { try file.read(into: $0) }
    start.removeLast(start.count - count)
    guard looksLikeAnObject(start), !isHeadOfLines(start) else { return .snapshot }
    guard file.size <= limit else { return .snapshot }
    let text = try open(limit).readAll()
    return judge(text, namesItself: mentionsUs(start))
  }

  private static func judge(_ text: [UInt8], namesItself: Bool) -> DropContent {
    do throws(JSONFault) {
      let limits = JSONLimits(bytes: text.count, depth: 256)
      let document = try JSONDocument(parsing: text, limits: limits)
      guard let kind = document.root.json["airlock"], kind.text != "snapshot" else {
        return .snapshot
      }
      return .document(document, kind: kind.text ?? "", digest: Digest(of: text))
    } catch {
      return namesItself ? .broken(error, digest: Digest(of: text)) : .snapshot
    }
  }

  /// Whether the first line is the head of a snapshot whose records stand in the lines below.
  private static func isHeadOfLines(_ start: [UInt8]) -> Bool {
    let line = start.prefix { $0 != 0x0A }.drop { $0 != UInt8(ascii: "{") }
    let text = String(decoding: line, as: UTF8.self).filter { !$0.isWhitespace }
    return text.hasPrefix(#"{"airlock":"snapshot""#)
  }

  private static func looksLikeAnObject(_ start: [UInt8]) -> Bool {
    let text = start.starts(with: [0xEF, 0xBB, 0xBF]) ? start.dropFirst(3) : start[...]
    return text.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) } == UInt8(ascii: "{")
  }

  private static func mentionsUs(_ start: [UInt8]) -> Bool {
    let mark = Array("\"airlock\"".utf8)
    guard start.count >= mark.count else { return false }
    return (0...start.count - mark.count).contains { start[$0...].starts(with: mark) }
  }
}
