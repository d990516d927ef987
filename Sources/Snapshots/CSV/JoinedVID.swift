internal import Language

/// The columns `vid` and `vid_status` beside a person, in a table that PostgreSQL joined: they are
/// an id of the type MOSIP VID, unless the model has such fields itself.
struct JoinedVID {
  static let column = "vid"
  static let type = "MOSIP VID"
  static let field = "reg_ids"
  static let model = "g2p.reg.id"
  static let types = "g2p.id.type"

  let value: Int
  let status: Int?

  init?(_ header: CSVHeader, _ model: ModelPlan, _ catalog: ModelCatalog) {
    guard model.name == SnapshotReader.mainModel, model.description?[Self.column] == nil,
      let value = header.names.firstIndex(of: Self.column)
    else { return nil }
    self.value = value
    status = header.names.firstIndex(of: "vid_status")
  }

  func holds(_ index: Int) -> Bool { index == value || index == status }
}
