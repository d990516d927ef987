internal import Language

extension BuiltIn {
  /// What hangs on a registrant: ids, phones, memberships, relations.
  static var registrantModels: [ModelDescription] {
    [
      model(
        "g2p.reg.id",
        many2one("partner_id", "Registrant", "res.partner"),
        many2one("id_type", "ID Type", "g2p.id.type"),
        stored("value", .char, "Value", size: 100),
        stored("expiry_date", .date, "Expiry Date"),
        related("id_type_as_str", .char, "Name", "id_type.name"),
        selection("status", "Status", ["invalid": "Invalid", "valid": "Valid"]),
        stored("description", .char, "Description")),
      model(
        "g2p.phone.number",
        many2one("partner_id", "Registrant", "res.partner"),
        stored("phone_no", .char, "Phone Number"),
        stored("phone_sanitized", .char, "Phone Sanitized"),
        stored("date_collected", .date, "Date Collected"),
        stored("disabled", .datetime, "Date Disabled"),
        many2one("disabled_by", "Disabled By", "res.users"),
        many2one("country_id", "Country", "res.country")),
      model(
        "g2p.group.membership",
        many2one("group", "Group", "res.partner"),
        many2one("individual", "Individual", "res.partner"),
        many2many("kind", "Kind", "g2p.group.membership.kind"),
        stored("start_date", .datetime, "Start Date"),
        stored("ended_date", .datetime, "Ended Date"),
        selection("status", "Status", ["inactive": "Inactive", "active": " "]),
        stored("is_ended", .boolean, "Is Ended"),
        related("individual_birthdate", .date, "Date of Birth", "individual.birthdate"),
        related("individual_gender", .selection, "Gender", "individual.gender")),
      model(
        "g2p.reg.rel",
        many2one("source", "Source", "res.partner"),
        many2one("destination", "Destination", "res.partner"),
        many2one("relation", "Relation", "g2p.relationship"),
        stored("disabled", .datetime, "Date Disabled"),
        many2one("disabled_by", "Disabled By", "res.users"),
        stored("start_date", .datetime, "Start Date"),
        stored("end_date", .datetime, "End Date"),
        related("relation_as_str", .char, "Name", "relation.name", isTranslated: true)),
    ]
  }
}
