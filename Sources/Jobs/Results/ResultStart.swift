import Files
import Snapshots

/// Tells a result of the MTS by its first bytes: a list of objects, or a table, with the columns that
/// it must have. What a registry exports has other names.
struct ResultStart {
  let form: ResultReader.Form

  private static let names = ["vid", "token", "status"]

  /// Nil for anything else.
  init?(_ bytes: ArraySlice<UInt8>) {
    guard let first = bytes.firstIndex(where: { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }) else {
      return nil
    }
    if bytes[first] == UInt8(ascii: "[") {
      guard Self.isList(bytes[(first + 1)...]) else { return nil }
      form = .json
    } else {
      guard Self.isTable(bytes[first...]) else { return nil }
      form = .csv
    }
  }

  /// The keys of the first object, as far as they are at hand, hold one of the names, and no id.
  private static func isList(_ bytes: ArraySlice<UInt8>) -> Bool {
    let object = bytes.drop { $0 != UInt8(ascii: "{") }.prefix { $0 != UInt8(ascii: "}") }
    guard bytes.first(where: { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }) == UInt8(ascii: "{")
    else { return false }
    let keys = String(decoding: object, as: UTF8.self).split(
      separator: "\"", omittingEmptySubsequences: false)
    // Every second piece stands in quotes; a key is followed by a colon.
    let names = Set(
      keys.indices.dropLast().filter {
        !$0.isMultiple(of: 2) && keys[$0 + 1].drop(while: \.isWhitespace).first == ":"
      }.map { String(keys[$0]) })
    return names.contains("vid") && !names.contains("id")
  }

  private static func isTable(_ bytes: ArraySlice<UInt8>) -> Bool {
    let line = String(decoding: bytes.prefix { $0 != 0x0A && $0 != 0x0D }, as: UTF8.self)
    let names = line.split { $0 == "," || $0 == ";" || $0 == "\t" }.map {
      $0.filter { $0 != "\"" && $0 != " " }
    }
    return Set(names).isSuperset(of: Self.names) && !names.contains("id")
  }
}
