import Archives
package import Files
import JSONText
import Secrets
import Snapshots

/// What a drop is, told by its content and never by its name.
enum DropContent {
  /// A document of ours: JSON with `"airlock": KIND` on top.
  case document(JSONDocument, kind: String, digest: Digest)
  /// Anything else is taken for registry data, which the snapshot reader judges.
  case snapshot
  /// A document of ours by its looks, that cannot be read as JSON.
  case broken(JSONFault, digest: Digest)
  /// What the MTS answered.
  case result(ResultReader.Form)
  /// A sealed archive; what it says of itself is not to be believed yet.
  case archive

  /// - Parameters:
  ///   - limit: bytes of the largest document.
  ///   - depth: its deepest nesting.
  ///   - open: opens the drop at its first byte, under the given bound.
  /// - Throws: `FileFault` for what is not a regular file of one name, or cannot be read.
  static func recognise(
    limit: Int64, depth: Int, open: (_ bound: Int64) throws -> OpenFile
  ) throws -> DropContent {
    let file = try open(.max)
    let start = try DropStart(file)
    if start.isArchive { return .archive }
    if let result = start.result { return .result(result.form) }
    guard start.looksLikeAnObject, !start.isHeadOfLines, file.size <= limit else {
      return .snapshot
    }
    return judge(try open(limit).readAll(), depth, namesItself: start.mentionsUs)
  }

  private static func judge(_ text: [UInt8], _ depth: Int, namesItself: Bool) -> DropContent {
    do throws(JSONFault) {
      let limits = JSONLimits(bytes: text.count, depth: depth)
      let document = try JSONDocument(parsing: text, limits: limits)
      guard let kind = document.root.json["airlock"], kind.text != "snapshot" else {
        return .snapshot
      }
      return .document(document, kind: kind.text ?? "", digest: Digest(of: text))
    } catch {
      return namesItself ? .broken(error, digest: Digest(of: text)) : .snapshot
    }
  }
}

/// The first bytes of a drop: enough to guess what it is, and what should come first.
package struct DropStart {
  private let bytes: [UInt8]

  /// Reads them from the start of the file.
  package init(_ file: OpenFile) throws {
    var start = [UInt8](repeating: 0, count: 4096)
    let count = try start.withUnsafeMutableBytes { try file.read(into: $0) }
    start.removeLast(start.count - count)
    bytes = start
  }

  var result: ResultStart? { ResultStart(text) }

  var isArchive: Bool { bytes.starts(with: "airlock archive v".utf8) }

  var looksLikeAnObject: Bool { first == UInt8(ascii: "{") }

  /// Whether the first line is the head of a snapshot whose records stand in the lines below.
  var isHeadOfLines: Bool {
    let line = bytes.prefix { $0 != 0x0A }.drop { $0 != UInt8(ascii: "{") }
    let text = String(decoding: line, as: UTF8.self).filter { !$0.isWhitespace }
    return text.hasPrefix(#"{"airlock":"snapshot""#)
  }

  var mentionsUs: Bool {
    let mark = Array("\"airlock\"".utf8)
    guard bytes.count >= mark.count else { return false }
    return (0...bytes.count - mark.count).contains { bytes[$0...].starts(with: mark) }
  }

  /// Whether somebody may well wait for this: a document or an archive of ours, JSON, a table, or
  /// something packed. No judgement, only a guess at what to look at first.
  package var looksMeant: Bool {
    if isArchive || looksLikeAnObject || first == UInt8(ascii: "[") { return true }
    if DropStart.packed.contains(where: { bytes.starts(with: $0) }) { return true }
    if bytes.count > 262, bytes[257..<262].elementsEqual("ustar".utf8) { return true }
    return text.prefix { $0 != 0x0A }.contains(UInt8(ascii: ","))
  }

  /// gzip, zstd, xz, bzip2, zip.
  private static let packed: [[UInt8]] = [
    [0x1F, 0x8B], [0x28, 0xB5, 0x2F, 0xFD], [0xFD, 0x37, 0x7A, 0x58, 0x5A], [0x42, 0x5A, 0x68],
    [0x50, 0x4B, 0x03, 0x04],
  ]

  private var text: ArraySlice<UInt8> {
    bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
  }

  private var first: UInt8? { text.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) } }
}
