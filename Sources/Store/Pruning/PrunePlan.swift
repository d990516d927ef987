package import Secrets

/// Which VIDs a run would delete, and whose stay and why. It holds values, which are personal: it is
/// for the run and the registry's patch, and never written down.
package struct PrunePlan: Sendable {
  /// One row of the registry that goes.
  package struct Item: Sendable, Equatable {
    package let registrant: Int64
    /// The id of the row.
    package let regID: Int64
    /// The id of its id type.
    package let idType: Int64
    package let vid: VIDMark
    let value: Range<Int>
    /// The id of the token's id type.
    package let tokenType: Int64
    let token: Range<Int>
  }

  /// Why a registrant keeps every VID.
  package enum Kept: String, Sendable, CaseIterable {
    /// There is no VID that is not blank.
    case noVID = "no_vid"
    /// There is no token that is not blank.
    case noToken = "no_token"
    /// Their tokens contradict each other, or another's.
    case frozen
    case twoTokens = "two_tokens"
    case sharedToken = "shared_token"
    /// The token has not the status that the policy asks for.
    case tokenStatus = "token_status"
    /// The token is not one of a result, or of no verified one.
    case notFromResult = "not_from_result"
    case notVerified = "not_verified"
    /// The token is not known for long enough.
    case hold
    /// The token answers none of the VIDs that are there now.
    case notMatched = "not_matched"
    /// Somebody else holds the same VID.
    case sharedVID = "shared_vid"
  }

  /// By registrant, then by row.
  package internal(set) var items: [Item] = []
  /// Registrants that the policy's domain picks.
  package internal(set) var matched = 0
  /// Those of whom something goes.
  package internal(set) var registrants = 0
  /// VIDs of the snapshot, of everyone.
  package internal(set) var vids = 0
  package internal(set) var kept: [Kept: Int] = [:]
  /// Values of items that stand in other rows as well: of the same registrant, of nobody, or of an id
  /// type that is none.
  var repeated: Set<[UInt8]> = []
  var values: [UInt8] = []

  /// The VID itself.
  package func value(of item: Item) -> ArraySlice<UInt8> { values[item.value] }

  /// The token that its holder has.
  package func token(of item: Item) -> ArraySlice<UInt8> { values[item.token] }

  /// Tells this list from any other, without saying what is in it.
  package var digest: Digest {
    let stream = DigestStream()
    for item in items {
      withUnsafeBytes(of: (item.regID.bigEndian, item.vid.high.bigEndian, item.vid.low.bigEndian)) {
        stream.update($0)
      }
    }
    return stream.finish()
  }
}
