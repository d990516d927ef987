internal import Language

/// Whether a file that is dropped by itself holds registrants: by its name and by its fields. It would
/// take the registry's place, so that what does not say so is refused.
struct LoneFile {
  /// Fields that registrants and other partners have, and no other model.
  static let marks: Set<String> = [
    "is_registrant", "is_group", "reg_ids", "given_name", "family_name", "addl_name", "birthdate",
    "birthdate_not_exact", "birth_place", "registration_date", "group_membership_ids",
    "individual_membership_ids", "phone_number_ids", "related_1_ids", "related_2_ids",
    "is_partial_group", "civil_status", "commercial_partner_id", "commercial_company_name",
    "is_company", "company_type", "partner_share", "disabled_reason", "z_ind_grp_num_individuals",
  ]
  /// The link to a partner, which partners themselves have not; whoever inherits from them has their
  /// fields as well. And what drafts, requests and staff have beside names and birth dates.
  static let foreign: Set<String> = [
    "partner_id", "login", "partner_data", "registrant_id", "applicant_id", "validation_status",
    "employee_id", "department_id", "job_title", "job_id", "work_email",
  ]
  /// Fields that any model may have.
  private static let common: Set<String> = [
    "id", ".id", "display_name", "name", "active", "create_uid", "create_date", "write_uid",
    "write_date", "__last_update", "sequence", "color",
  ]

  private let name: String
  private let fields: Set<String>
  /// What it says of itself vouches for a registry.
  private let hasHead: Bool

  init(_ name: String, fields: Set<String>, hasHead: Bool) {
    (self.name, self.fields, self.hasHead) = (name, fields, hasHead)
  }

  /// - Throws: `another_model`, `unknown_model`, `name_contradicts_fields`.
  func require() throws(SnapshotFault) {
    let hasMarks = !fields.isDisjoint(with: Self.marks)
    let isForeign = !fields.isDisjoint(with: Self.foreign)
    switch ModelName(file: name) {
    case .model(SnapshotReader.mainModel):
      guard !hasMarks, isForeign || guess != nil else { return }
      throw fault(
        .nameDiffers,
        "the file is named as \(SnapshotReader.mainModel), and its fields are those of \(other)")
    case .model(let model) where hasMarks && !isForeign:
      // Whatever else was put behind the name: no model that we know is meant.
      if model.hasPrefix(SnapshotReader.mainModel + "."), BuiltIn.catalog[model] == nil { return }
      throw fault(
        .nameDiffers,
        "the file is named as \(model), and its fields are those of \(SnapshotReader.mainModel)")
    case .model(let model): throw alone(model)
    case .silent:
      if hasMarks, !isForeign { return }
      if isForeign || guess != nil { throw alone(other) }
      if hasHead { return }
      throw fault(
        .unknownModel,
        "neither the file's name nor its fields say that these are records of \(SnapshotReader.mainModel)"
      )
    }
  }

  private var other: String { guess ?? "another model" }

  /// The model that knows most of the fields; nil if none is ahead of all others.
  private var guess: String? {
    let telling = fields.subtracting(Self.common)
    guard !telling.isEmpty else { return nil }
    let scores = OtherModels.all.map { name, known in
      (name: name, score: known.intersection(telling).count)
    }
    let partner = BuiltIn.catalog[SnapshotReader.mainModel]?.fields.keys
    let own = telling.filter { partner?.contains($0) == true }.count
    guard let best = scores.max(by: { $0.score < $1.score }), best.score > own,
      scores.count(where: { $0.score == best.score }) == 1
    else { return nil }
    return best.name
  }

  private func alone(_ model: String) -> SnapshotFault {
    fault(
      .otherModel,
      "these are records of \(model) alone, without \(SnapshotReader.mainModel), the registrants")
  }

  private func fault(_ kind: SnapshotFault.Kind, _ fact: String) -> SnapshotFault {
    SnapshotFault(kind, fact, at: SnapshotPlace(name))
  }
}

/// Fields by which models that are no partners are known.
enum OtherModels {
  static let all: [String: Set<String>] = {
    var all: [String: Set<String>] = [
      "spp.registry.id": ["id_type_id", "namespace_uri", "value", "partner_id", "status"],
      "spp.vocabulary.code": ["code", "display", "vocabulary_id", "namespace_uri"],
      "spp.area": ["draft_name", "complete_name", "area_level", "area_sqkm", "parent_id", "kind"],
      "g2p.program": ["program_managers", "target_type", "program_membership_ids", "cycle_ids"],
      "g2p.program_membership": [
        "program_id", "enrollment_date", "exit_date", "partner_id", "state",
      ],
      "res.currency": ["symbol", "rounding", "decimal_places", "currency_unit_label", "rate"],
      "res.groups": ["category_id", "implied_ids", "users", "full_name"],
      "ir.model.data": ["module", "model", "res_id", "noupdate", "complete_name"],
      "mail.message": ["body", "res_id", "model", "author_id", "message_type", "subtype_id"],
      "hr.employee": ["work_email", "job_id", "department_id", "birthday", "marital"],
    ]
    for model in BuiltIn.catalog.models.values where model.name != SnapshotReader.mainModel {
      all[model.name] = Set(model.fields.keys)
    }
    return all
  }()
}
