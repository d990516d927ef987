/// What a VID-deletion policy asks of the store, in the ids of the snapshot in force.
package struct PruneTerms: Sendable {
  /// Which tokens count.
  package enum Source: Sendable {
    case verifiedResult, result, registry
  }

  /// Ids of the id types whose rows go.
  package let vidTypes: [Int64]
  /// Ids of the id types whose rows are tokens.
  package let tokenTypes: [Int64]
  /// The status that a token's row must have; nil asks for none.
  package var tokenStatus: String?
  package var source = Source.verifiedResult
  /// A result's token counts if it was known then, in seconds since 1970.
  package var knownSince: Int64
  /// Whether every VID goes of who has a token, or only those that were answered with it.
  package var takesAll = false

  package init(vidTypes: [Int64], tokenTypes: [Int64], knownSince: Int64) {
    (self.vidTypes, self.tokenTypes, self.knownSince) = (vidTypes, tokenTypes, knownSince)
  }
}
