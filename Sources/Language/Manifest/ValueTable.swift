package import JSONText

/// `values`: what a value of the registry's is for the MTS, `{"gender": {"F": "Female"}}`. In a
/// manifest's `mts` block, or for the whole site in its policy.
package struct ValueTable: Sendable, Equatable {
  /// From the registry's value to the one that is sent.
  package private(set) var gender: [String: String] = [:]

  package init() {}

  /// - Throws: `DocumentFault` for anything but genders, and for more than 1,000 of them.
  package init(_ cursor: JSONCursor) throws(DocumentFault) {
    var block = try cursor.object()
    if let table = block.optional(MTSKey.gender.rawValue) { gender = try Self.read(table) }
    try block.finish()
  }

  private static func read(_ cursor: JSONCursor) throws(DocumentFault) -> [String: String] {
    var block = try cursor.object()
    let members = block.all()
    guard members.count <= 1_000 else {
      throw cursor.fault("out_of_range", "a table has 1,000 values at most")
    }
    var table: [String: String] = [:]
    for (value, cursor) in members {
      let word = try cursor.string()
      guard (1...256).contains(word.utf8.count), !word.allSatisfy(\.isWhitespace) else {
        throw cursor.fault("out_of_range", "a value that is sent has 1 to 256 bytes, not all blank")
      }
      table[value] = word
    }
    return table
  }
}
