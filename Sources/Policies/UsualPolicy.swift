package import JSONText

extension SitePolicy {
  /// The policy that `airlock init` writes: one stream, `mts`, sealed to the card of that name (which
  /// must first be added), with the fields that the MOSIP Token Seeder needs and no other.
  package static var usual: JSON {
    [
      "airlock": "policy",
      "version": 1,
      "id_types": ["vid": "MOSIP VID", "uin_token": "MOSIP UIN TOKEN"],
      "streams": [
        "mts": [
          "recipients": ["mts"],
          "fields": [
            "id", "name", "given_name", "addl_name", "family_name", "gender", "birthdate",
            "address", "phone", "email",
          ],
        ]
      ],
      "intake": ["quiet_milliseconds": 2000],
    ]
  }
}
