internal import Language

extension BuiltIn {
  /// Companies and users, as far as registrants refer to them.
  static var systemModels: [ModelDescription] {
    [
      model(
        "res.company",
        stored("name", .char, "Company Name"),
        stored("active", .boolean, "Active"),
        stored("sequence", .integer, "Sequence"),
        many2one("parent_id", "Parent Company", "res.company"),
        lines("child_ids", "Branches", "res.company", by: "parent_id"),
        many2one("partner_id", "Partner", "res.partner"),
        stored("email", .char, "Email"),
        stored("phone", .char, "Phone"),
        stored("mobile", .char, "Mobile"),
        related("company_registry", .char, "Company ID", "partner_id.company_registry"),
        related("vat", .char, "Tax ID", "partner_id.vat")),
      model(
        "res.users",
        related("name", .char, "Name", "partner_id.name"),
        stored("login", .char, "Login"),
        stored("active", .boolean, "Active"),
        stored("share", .boolean, "Share User"),
        many2one("partner_id", "Related Partner", "res.partner"),
        many2one("company_id", "Company", "res.company"),
        many2many("company_ids", "Companies", "res.company"),
        related("email", .char, "Email", "partner_id.email"),
        related("phone", .char, "Phone", "partner_id.phone"),
        related("lang", .selection, "Language", "partner_id.lang", choices: ["en_US": ""]),
        related("tz", .selection, "Timezone", "partner_id.tz"),
        selection(
          "notification_type", "Notification",
          ["email": "Handle by Emails", "inbox": "Handle in Odoo"])),
    ]
  }
}
