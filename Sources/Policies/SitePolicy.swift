/// What a site allows: which fields may leave on which stream and to whom, and how much may come
/// in. Nothing leaves without a policy that can be read whole: unknown keys and broken files are
/// faults, never defaults.
package struct SitePolicy: Sendable, Equatable {
  /// Names of id types, as the registry spells them.
  package struct IDTypes: Sendable, Equatable {
    /// The type whose value is a registrant's VID.
    package var vid = "MOSIP VID"
    /// The type whose value is a registrant's UIN token.
    package var uinToken = "MOSIP UIN TOKEN"
  }

  /// One stream: the recipients that its archives are sealed to, and the fields that may leave.
  package struct Stream: Sendable, Equatable {
    /// Names of cards in `keys/`; each can open every archive of the stream.
    package var recipients: [String]
    /// The ceiling: a manifest may ask for these fields, and for no other.
    package var fields: [String]
    /// The most records of one archive; nil is no bound.
    package var recordsPerJob: Int?
  }

  package var idTypes = IDTypes()
  package var streams: [String: Stream] = [:]
  package var intake = IntakeLimits()

  package init() {}
}

/// Bounds on what is taken in.
package struct IntakeLimits: Sendable, Equatable {
  /// How long a file must hold still before it counts as complete, in milliseconds.
  package var quietMilliseconds = 2_000
  /// Bytes of one drop.
  package var bytes: Int64 = 64 << 30
  /// Bytes of one drop after decompression.
  package var expandedBytes: Int64 = 256 << 30
  /// Files in one tar or zip.
  package var entries = 1_000
  /// Bytes of one manifest.
  package var manifestBytes: Int64 = 8 << 20
  /// Bytes that must stay free on the disk of the store.
  package var freeBytes: Int64 = 64 << 20

  package init() {}

  package var quiet: Duration { .milliseconds(quietMilliseconds) }
}
