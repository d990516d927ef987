internal import JSONText

/// What a snapshot was brought up to date with.
struct OverlayMark: Equatable {
  /// The revision of the tokens.
  let tokens: Int64
  /// How many VIDs were erased ever.
  let erased: Int
  let types: TokenTypes

  init(tokens: Int64, erased: Int, types: TokenTypes) {
    (self.tokens, self.erased, self.types) = (tokens, erased, types)
  }

  /// Nil for what another version wrote: all is done anew then.
  init?(parsing text: String) {
    guard let json = try? JSONDocument(parsing: text).root.json,
      let tokens = json["tokens"]?.integer, let erased = json["erased"]?.integer,
      let vid = json["vid"]?.text, let uinToken = json["uin_token"]?.text
    else { return nil }
    self.init(
      tokens: tokens, erased: Int(erased), types: TokenTypes(vid: vid, uinToken: uinToken))
  }

  /// What is to be done to a snapshot that was brought up to date with one, for another.
  static func work(
    from text: String?, to mark: OverlayMark?
  ) -> (erases: Bool, brings: Bool) {
    guard let before = text.flatMap(OverlayMark.init(parsing:)), let mark,
      before.types == mark.types
    else { return (true, true) }
    return (before.erased != mark.erased, before.tokens != mark.tokens)
  }

  var text: String {
    JSON.object(present: [
      ("erased", .count(erased)), ("tokens", .int(tokens)),
      ("uin_token", .string(types.uinToken)), ("vid", .string(types.vid)),
    ]).line()
  }
}
