internal import Language

extension BuiltIn {
  /// Districts, states and countries.
  static var placesModels: [ModelDescription] {
    [
      model(
        "g2p.district",
        stored("name", .char, "Name"),
        many2one("state_id", "State", "res.country.state")),
      model(
        "res.country",
        translated("name", .char, "Country Name"),
        stored("code", .char, "Country Code", size: 2),
        stored("address_format", .text, "Layout in Reports"),
        stored("phone_code", .integer, "Country Calling Code"),
        lines("state_ids", "States", "res.country.state", by: "country_id"),
        selection(
          "name_position", "Customer Name Position",
          ["before": "Before Address", "after": "After Address"]),
        translated("vat_label", .char, "Vat Label"),
        stored("state_required", .boolean, "State Required"),
        stored("zip_required", .boolean, "Zip Required")),
      model(
        "res.country.state",
        many2one("country_id", "Country", "res.country"),
        stored("name", .char, "State Name"),
        stored("code", .char, "State Code")),
    ]
  }
}
