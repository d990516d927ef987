package import JSONText

/// A manifest to begin with: it is sound as it stands, and its notes say what else there is. JSON has
/// no remarks, so manifests have `note`, at the top and in every block.
package struct ManifestTemplate: Sendable {
  package var name = "new-job"
  package var recipient = "mts"
  /// The registry fields that may leave; nil if that is not known.
  package var ceiling: Set<String>?

  package init() {}

  package var json: JSON {
    [
      "airlock": "job", "version": 1, "$schema": .string(ManifestDecoder.schema),
      "note": .array(Self.notes.map { .string($0) }),
      "name": .string(name), "recipient": .string(recipient),
      "input": ["note": "or \"odk\", with \"from\" and \"to\" if wanted", "type": "registry"],
      "schedule": [
        "note": "or \"recurring\", with \"interval_minutes\", and \"start\" and \"end\" if wanted",
        "type": "onetime",
      ],
      "filter": [
        ["is_registrant", "=", true], ["reg_ids.id_type", "=like", "MOSIP VID"],
        "!", ["reg_ids.id_type", "=like", "MOSIP UIN TOKEN"],
      ],
      "fields": .array(fields.map { .string($0) }),
      "order": "id",
      "resend": [
        "note": "or \"always\": also whom the MTS has not answered yet", "rule": "pending",
        "after_hours": .int(Int64(ResendRule.usual.afterHours)),
      ],
      "mts": mts,
    ]
  }

  private static let notes = [
    "Notes are for people. airlock check finds what is wrong, airlock plan counts who would be sent.",
    "recipient is a stream of policies/site.json, whose fields are a ceiling.",
    "filter is an Odoo domain; [] needs \"everyone\": true. Odoo's own text fields g2p_search_domain and g2p_selected_fields may stand in place of filter and fields.",
    "Also: limit, accept_loss (fields of the filter of which the export has lost something), not_before and expires (2026-11-22T10:00:00Z), \"active_test\": false for the archived as well, and \"stop\": true, which ends the recurring job of this name.",
  ]

  private var mts: JSON {
    [
      "note":
        "several fields make one key, blank ones left out; \"output_format\" is a jq expression for MTS 1.1",
      "mapping": .object(
        [
          ("name", ["given_name", "family_name"]), ("gender", ["gender"]), ("dob", ["birthdate"]),
          ("phoneNumber", ["phone"]), ("emailId", ["email"]), ("fullAddress", ["address"]),
        ]
        .compactMap { key, wanted in
          let sources = wanted.filter(fields.contains)
          return sources.isEmpty ? nil : JSON.Member(key, .array(sources.map { .string($0) }))
        }),
      "output": "json", "delivery": "download", "lang": "eng", "batch_size": 1000,
    ]
  }

  /// What the MTS needs, and what helps it, as far as it may leave. Without the needed the policy
  /// refuses the manifest, and says why.
  private var fields: [String] {
    let needed = ["given_name", "family_name", "gender", "birthdate", "address"]
    let others = ["phone", "email"].filter { ceiling?.contains($0) ?? true }
    let spare = ["family_name"].filter { ceiling?.contains($0) == false }
    return needed.filter { !spare.contains($0) } + others
  }
}
