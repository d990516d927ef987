/// The id types of VIDs and of UIN tokens, by name.
package struct TokenTypes: Sendable, Equatable {
  package let vid: String
  package let uinToken: String

  /// For a form, which has no id types.
  package static let none = TokenTypes(vid: "", uinToken: "")

  package init(vid: String, uinToken: String) { (self.vid, self.uinToken) = (vid, uinToken) }
}
