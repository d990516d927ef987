internal import Language

extension BuiltIn {
  /// The kinds, tags and types that registrants and their lines refer to.
  static var kindsModels: [ModelDescription] {
    [
      model(
        "g2p.id.type",
        stored("name", .char, "Name"),
        stored("id_validation", .char, "Id Validation")),
      model(
        "g2p.registrant.tags",
        stored("name", .char, "Tags"),
        stored("color", .integer, "Color"),
        stored("active", .boolean, "Active")),
      model(
        "g2p.group.kind",
        stored("name", .char, "Kind")),
      model(
        "g2p.group.membership.kind",
        stored("name", .char, "Kind"),
        stored("is_unique", .boolean, "Unique")),
      model(
        "g2p.relationship",
        translated("name", .char, "Name"),
        translated("name_inverse", .char, "Inverse name"),
        stored("bidirectional", .boolean, "Bi-directional"),
        selection("source_type", "Source partner type", ["g": "Group", "i": "Individual"]),
        selection(
          "destination_type", "Destination partner type", ["g": "Group", "i": "Individual"])),
      model(
        "gender.type",
        stored("code", .char, "Code"),
        stored("value", .char, "Value"),
        stored("active", .boolean, "Active")),
      model(
        "res.partner.category",
        translated("name", .char, "Tag Name"),
        stored("color", .integer, "Color"),
        many2one("parent_id", "Parent Category", "res.partner.category"),
        lines("child_ids", "Child Tags", "res.partner.category", by: "parent_id"),
        stored("active", .boolean, "Active"),
        stored("parent_path", .char, "Parent Path"),
        many2many("partner_ids", "Partners", "res.partner")),
    ]
  }
}
