package import Language

/// What a site allows: which fields may leave on which stream and to whom, whose drops count, and
/// how much may come in. Nothing leaves without a policy that can be read whole: unknown keys and
/// broken files are faults, never defaults.
package struct SitePolicy: Sendable, Equatable {
  /// Names of id types, as the registry spells them.
  package struct IDTypes: Sendable, Equatable {
    /// The type whose value is a registrant's VID.
    package var vid = "MOSIP VID"
    /// The type whose value is a registrant's UIN token.
    package var uinToken = "MOSIP UIN TOKEN"
    /// The regular expression that every VID must match, in place of the registry's own
    /// (`id_validation`); nil leaves that in force.
    package var vidValidation: String?
  }

  /// What a job reads.
  package enum Input: String, Sendable, CaseIterable {
    case registry, odk
  }

  /// One stream: the recipients that its archives are sealed to, and the fields that may leave.
  package struct Stream: Sendable, Equatable {
    /// Names of cards in `keys/`; each can open every archive of the stream.
    package var recipients: [String]
    /// The ceiling: a manifest may ask for these fields, and for no other.
    package var fields: [String]
    /// The most records of one archive; nil is no bound.
    package var recordsPerJob: Int?
    /// The most records of any 24 hours; nil is no bound.
    package var recordsPerDay: Int?
    /// A job that matches fewer registrants is refused.
    package var smallestGroup = 0
    /// What the stream's jobs may read.
    package var input = Set(Input.allCases)

    package init(recipients: [String], fields: [String]) {
      self.recipients = recipients
      self.fields = fields
    }
  }

  /// Where the registry is told what it must change: a stream that no job can send on.
  package struct RegistryPatches: Sendable, Equatable {
    /// The stream's name.
    package var stream: String
    /// Names of cards in `keys/`.
    package var recipients: [String]

    package init(stream: String, recipients: [String]) {
      (self.stream, self.recipients) = (stream, recipients)
    }
  }

  package var idTypes = IDTypes()
  /// What values of the registry's are for the MTS, where a manifest says nothing.
  package var values = ValueTable()
  package var streams: [String: Stream] = [:]
  package var trust = DropTrust()
  package var intake = IntakeLimits()
  package var retention = Retention()
  /// Nil where the registry is told nothing.
  package var registryPatches: RegistryPatches?

  package init() {}

  /// Whom the archives of a stream are sealed to; nil for a stream that the policy does not name.
  package func recipients(of stream: String) -> [String]? {
    if let registryPatches, registryPatches.stream == stream { return registryPatches.recipients }
    return streams[stream]?.recipients
  }

  /// Everyone whom anything is sealed to.
  package var everyRecipient: Set<String> {
    Set(streams.values.flatMap(\.recipients) + (registryPatches?.recipients ?? []))
  }
}

/// Whose drops count, by what they turn out to be.
package struct DropTrust: Sendable, Equatable {
  package enum Kind: String, Sendable, CaseIterable {
    case snapshot, job, result
  }

  /// The rule of one kind of drop. A signature that is there must be good whether or not one is
  /// needed.
  package struct Rule: Sendable, Equatable {
    package var isRequired = false
    /// Names of cards, or of lone signing keys, in `keys/`.
    package var signers: [String] = []

    package init(isRequired: Bool = false, signers: [String] = []) {
      self.isRequired = isRequired
      self.signers = signers
    }
  }

  private var rules: [Kind: Rule] = [:]

  package init() {}

  package subscript(kind: Kind) -> Rule {
    get { rules[kind] ?? Rule() }
    set { rules[kind] = newValue }
  }

  /// Every name that the policy trusts for anything.
  package var signers: Set<String> { Set(rules.values.flatMap(\.signers)) }
}

/// What becomes of files after their verdict.
package struct Retention: Sendable, Equatable {
  /// A file that was taken in is not kept in plain.
  package enum Accepted: String, Sendable, CaseIterable {
    /// Its name is removed.
    case erase
    /// It is sealed to the site's own card, into `store/archive/`, and then removed.
    case seal
  }

  package var accepted = Accepted.erase
  /// Days after which a held file is removed; nil is never.
  package var rejectedDays: Int?
  /// Days after which a verdict is removed; nil is never.
  package var verdictDays: Int?
  /// Days after an archive was collected that it leaves the outbox for `store/sent/`; nil is never.
  package var outboxDays: Int?
  /// Days that it is then kept there; nil is for ever.
  package var sentDays: Int?
  /// Days after which an archive without a receipt is overdue.
  package var overdueDays = 14

  package init() {}
}
