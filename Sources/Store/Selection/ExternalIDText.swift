internal import Language
internal import Snapshots

/// What people are shown for the id of a record, and what is sent for it: the database's number, or
/// the external id where that is all that is known.
enum ExternalIDText {
  /// As text, of a row by its name in the query.
  static func expression(of row: String) -> String {
    "iif(\(row).\"id\" > 0, CAST(\(row).\"id\" AS TEXT), \(row).\(quoted(ExternalID.field)))"
  }

  /// The number stays one.
  static func value(of row: String) -> String {
    "iif(\(row).\"id\" > 0, \(row).\"id\", \(row).\(quoted(ExternalID.field)))"
  }
}

extension ModelDescription {
  /// Whether records of it may be known by an external id.
  var hasExternalIDs: Bool { self[ExternalID.field]?.isPresent == true }
}
