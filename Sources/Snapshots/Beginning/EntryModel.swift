internal import Language

/// The model of a file inside a tar or zip: by its name, without what tells parts apart, or by the
/// folder that all files of a model stand in.
struct EntryModel {
  /// The model, or the name of a table.
  let name: String

  /// - Parameters:
  ///   - stem: the file's name without its ending.
  ///   - folder: the folder that it stands in.
  init(_ stem: String, in folder: Substring?) {
    let base = PartName.base(of: stem)
    if case .model(let model) = ModelName(file: stem) {
      name = model
    } else if base.hasSuffix("_rel") || !FieldName.isGoodModel(stem) && base.contains(".") {
      name = base
    } else if let folder, !stem.contains("."), !stem.hasSuffix("_rel"),
      case .model(let model) = ModelName(file: String(folder))
    {
      name = model
    } else {
      name = stem
    }
  }
}
