package import Files
internal import JSONText
package import Secrets

/// An archive in parts: for a FAT32 stick, whose files end at 4 GiB, or a server's quota.
/// `NAME.parts.json` says what belongs together, with a digest for each part, so that of many sticks
/// the bad one is known. Nothing here is signed but the archive itself, and no key is needed: who
/// alters list and parts alike makes an archive that its signature refuses.
package struct SplitArchive: Sendable, Hashable {
  package struct Part: Sendable, Hashable {
    package let bytes: Int64
    package let digest: Digest
  }

  /// The archive's file.
  package let name: DropName
  package let bytes: Int64
  package let digest: Digest
  package let parts: [Part]
  /// What stands in the file of the archive's signature.
  package let signature: String

  /// The largest file that FAT32 holds.
  package static let largestOnFAT: Int64 = (4 << 30) - 1
  /// Names of parts have three digits.
  package static let mostParts = 999

  static let ending = ".parts.json"
  static let limits = JSONLimits(bytes: 1 << 20, depth: 4)

  /// `NAME.parts.json`
  package var listName: String { name.text + SplitArchive.ending }

  /// `NAME.001` for index 0.
  package func partName(_ index: Int) -> String { SplitArchive.partName(name, index) }

  static func partName(_ name: DropName, _ index: Int) -> String {
    name.text + "." + String(1_000 + index + 1).dropFirst()
  }
}

extension SplitArchive {
  var text: String {
    let list: JSON = [
      "airlock": "parts", "version": 1, "file": .string(name.text), "bytes": .int(bytes),
      "digest": .string(digest.hex),
      "parts": .array(
        parts.enumerated().map { index, part in
          [
            "file": .string(partName(index)), "bytes": .int(part.bytes),
            "digest": .string(part.digest.hex),
          ]
        }),
      "signature": .string(signature),
    ]
    return list.pretty()
  }

  /// Reads a list of parts. Only names that `split` gives are taken, so that none leads elsewhere.
  /// - Throws: `JSONFault`, `DocumentFault`, `FileFault` (`bad_name`), `signature_format`.
  init(parsing text: [UInt8]) throws {
    let cursor = JSONCursor(try JSONDocument(parsing: text, limits: SplitArchive.limits))
    var members = try cursor.object()
    let (kind, version) = (try members.required("airlock"), try members.required("version"))
    guard try kind.string() == "parts" else {
      throw kind.fault("wrong_kind", "this is not \"airlock\": \"parts\"")
    }
    guard try version.integer(in: 1...Int64.max) == 1 else {
      throw version.fault("version_unknown", "only version 1 is known")
    }
    let name = try DropName(members.required("file").string())
    guard name.text.hasSuffix(".sealed") else {
      throw cursor.fault("no_archive", "only archives (NAME.sealed) are split and joined")
    }
    self.name = name
    bytes = try members.required("bytes").integer(in: 1...Int64.max)
    digest = try SplitArchive.digest(members.required("digest"))
    let list = try members.required("parts")
    parts = try list.array().enumerated().map { try SplitArchive.part($1, name, $0) }
    signature = try members.required("signature").string()
    try members.finish()
    _ = try MinisignSignature(parsing: Array(signature.utf8))
    guard parts.count <= SplitArchive.mostParts, let sum = SplitArchive.sum(parts), sum == bytes
    else { throw list.fault("parts_differ", "the parts together have not the archive's bytes") }
  }

  private static func sum(_ parts: [Part]) -> Int64? {
    parts.reduce(0 as Int64?) { sum, part in
      guard let sum, case (let more, false) = sum.addingReportingOverflow(part.bytes) else {
        return nil
      }
      return more
    }
  }

  private static func part(_ cursor: JSONCursor, _ name: DropName, _ index: Int) throws -> Part {
    var members = try cursor.object()
    let file = try members.required("file")
    guard try file.string() == partName(name, index) else {
      throw file.fault("part_name", "this is not the name of the archive's part \(index + 1)")
    }
    let part = Part(
      bytes: try members.required("bytes").integer(in: 1...Int64.max),
      digest: try digest(members.required("digest")))
    try members.finish()
    return part
  }

  private static func digest(_ cursor: JSONCursor) throws -> Digest {
    guard let digest = Digest(hex: try cursor.string()) else {
      throw cursor.fault("malformed", "this is not a digest")
    }
    return digest
  }
}
