package import JSONText
package import Language

/// A rule of `policies/` by which VIDs are deleted (`"airlock": "vid-deletion"`): whose, on which
/// token, how soon, and how many at most. What it leaves out is taken as the cautious choice.
package struct VIDDeletionPolicy: Sendable {
  /// An id type, as the operator names it.
  package enum TypeReference: Sendable, Hashable {
    case name(String)
    case id(Int64)
  }

  /// Which tokens count.
  package enum TokenSource: String, Sendable, CaseIterable {
    /// Those of results that came sealed and signed.
    case verifiedResult = "verified-result"
    /// Those of any result.
    case result
    /// Also those that only the registry has: whoever wrote them there.
    case registry
  }

  /// Which VIDs go.
  package enum Reach: String, Sendable, CaseIterable {
    /// Those that the MTS answered with the token.
    case matched
    /// Every VID of who has a token.
    case all
  }

  /// A policy that is off deletes nothing; it is checked all the same.
  package var isEnabled = true
  /// Whose VIDs may go; searched over the snapshot in force, as Odoo would.
  package var domain: Domain
  /// Of the rows that go; nil is the site policy's `id_types.vid`.
  package var vidType: TypeReference?
  /// Of the rows that are tokens; nil is the site policy's `id_types.uin_token`.
  package var tokenType: TypeReference?
  /// From one run to the next.
  package var intervalMinutes = 5
  /// The status that the token's row must have in the registry; nil asks for none.
  package var tokenStatus: String?
  package var tokenSource = TokenSource.verifiedResult
  /// How long a token must be known before the VID goes.
  package var holdHours = 0
  package var reach = Reach.matched
  /// A run that would delete more VIDs stops and asks; nil is no bound.
  package var mostVIDs: Int?
  /// The same, as a share of the snapshot's VIDs, in percent.
  package var mostPercent = 20

  /// For faults and warnings that only the snapshot can tell.
  package var places = Places()

  /// Where in the document what the snapshot has a say in stands.
  package struct Places: Sendable {
    package var document: JSONCursor?
    package var domain: JSONCursor?
    package var vidType: JSONCursor?
    package var tokenType: JSONCursor?
    package var tokenStatus: JSONCursor?

    package init() {}
  }

  package init(domain: Domain) { self.domain = domain }
}
