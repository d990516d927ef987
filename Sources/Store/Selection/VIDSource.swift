/// Where the VID of each record stands.
package enum VIDSource: Sendable, Equatable {
  /// In the registrant's ids (`g2p.reg.id`) of one of these id types.
  case registrantIDs(types: [Int64])
  /// In a field of the record itself, or of a record that it links to.
  case field(SelectedField)
}
