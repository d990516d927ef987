internal import JSONText
internal import Secrets

// The values that entries and checkpoints have in common.

extension JSONObjectCursor {
  mutating func digest(_ key: String) throws -> Digest {
    let value = try required(key)
    guard let digest = Digest(hex: try value.string()) else { throw value.malformed }
    return digest
  }

  mutating func digestOrNull(_ key: String) throws -> Digest? {
    let value = try required(key)
    if case .null = value.node.value { return nil }
    guard let digest = Digest(hex: try value.string()) else { throw value.malformed }
    return digest
  }

  mutating func salted(_ key: String) throws -> SaltedDigest {
    let value = try required(key)
    guard let digest = SaltedDigest(hex: try value.string()) else { throw value.malformed }
    return digest
  }

  mutating func saltedOrNull(_ key: String) throws -> SaltedDigest? {
    let value = try required(key)
    if case .null = value.node.value { return nil }
    guard let digest = SaltedDigest(hex: try value.string()) else { throw value.malformed }
    return digest
  }

  mutating func time(_ key: String) throws -> UTCTime {
    let value = try required(key)
    guard let time = UTCTime(text: try value.string()) else { throw value.malformed }
    return time
  }
}

extension JSONCursor {
  var malformed: DocumentFault {
    fault("malformed", "this has not the form that it must have")
  }
}
