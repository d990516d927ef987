internal import Secrets

// Odoo's external ids, as exports have them: `MODULE.NAME`, the module often `__export__` or
// `__import__`.
//
// They are names, and nothing in them says which record of a database they name: the 12 in
// `__export__.res_partner_12_9ed14cf5` was the record's number where the id was made up, which after
// an import elsewhere, or a merge, is somebody else's. What they name is told by `ir.model.data`
// alone.

/// Records that are known by an external id.
package enum ExternalID {
  /// The column that keeps the text of it.
  package static let field = "__external_id"

  /// What stands in the store for the record: far below zero, and the same in every snapshot. It is a
  /// part of a digest, as names have it, and no name has the same.
  package static func number(_ text: UnsafeBufferPointer<UInt8>) -> Int64 {
    let stream = DigestStream()
    kind.withUnsafeBytes { stream.update($0) }
    stream.update(UnsafeRawBufferPointer(text))
    return NameIDs.number(stream.finish())
  }

  private static let kind = Array("external id\u{0}".utf8)
}
