package import Language

extension BuiltIn {
  /// A description with what Odoo's and OpenG2P's modules say of the model's names, its tree, and
  /// the models that it inherits from; as it is, if it is none of theirs.
  package static func named(_ description: ModelDescription) -> ModelDescription {
    var model = description
    if let recName = recNames[model.name], model[recName] != nil { model.recName = recName }
    model.recNamesSearch = recNamesSearch[model.name] ?? []
    model.inherits = inherits[model.name] ?? [:]
    return model
  }

  /// `_rec_name`, where it is not `name`.
  private static let recNames = [
    "gender.type": "code",
    "g2p.phone.number": "phone_no",
    "res.partner.bank": "acc_number",
    "spp.area.kind": "complete_name",
  ]

  /// `_rec_names_search`.
  private static let recNamesSearch = [
    "g2p.reg.rel": ["source", "destination"],
    "res.bank": ["name", "bic"],
    "res.currency": ["name", "full_name"],
    "res.partner": ["complete_name", "email", "ref", "vat", "company_registry"],
  ]

  /// `_inherits`.
  private static let inherits = [
    "g2p.program_membership": ["res.partner": "partner_id"],
    "res.users": ["res.partner": "partner_id"],
  ]
}
