import JSONText

/// `fields`: names, or paths into the groups of an ODK form.
enum FieldList {
  /// - Returns: nil if any of them is wrong.
  static func read(
    _ cursor: JSONCursor, _ faults: FaultCollector
  ) throws(DocumentFault) -> [ManifestField]? {
    let items = try cursor.array()
    guard !items.isEmpty else {
      throw cursor.fault("no_fields", "no fields are named, so there is nothing to send")
    }
    guard items.count <= 200 else { throw cursor.fault("out_of_range", "more than 200 fields") }
    var seen: Set<String> = []
    let fields = items.compactMap { item in
      faults.attempt {
        let field = try name(item)
        guard seen.insert(field.name).inserted else {
          throw item.fault("duplicate_field", "this field is named twice")
        }
        return field
      }
    }
    return fields.count == items.count ? fields : nil
  }

  /// `accept_loss`: names alone.
  static func names(_ cursor: JSONCursor) throws(DocumentFault) -> Set<String> {
    let items = try cursor.array()
    guard items.count <= 200 else { throw cursor.fault("out_of_range", "more than 200 fields") }
    var names: Set<String> = []
    for item in items {
      guard names.insert(try name(item).name).inserted else {
        throw item.fault("duplicate_field", "this field is named twice")
      }
    }
    return names
  }

  /// One name: parts between dots, none empty, nothing that would need escaping in JSON.
  static func name(_ cursor: JSONCursor) throws(DocumentFault) -> ManifestField {
    let field = ManifestField(name: try cursor.string(), place: cursor)
    let isClean = field.name.unicodeScalars.allSatisfy { scalar in
      scalar.value > 0x20 && scalar.value != 0x7F && scalar != "\"" && scalar != "\\"
    }
    guard isClean, field.name.utf8.count <= 256, field.path.allSatisfy({ !$0.isEmpty }) else {
      throw cursor.fault(
        "bad_field_name",
        "a field's name has at most 256 bytes, no blanks and quotes, and no empty part between dots"
      )
    }
    return field
  }
}
