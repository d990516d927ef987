internal import Glibc
internal import Secrets

/// Ids for records of which an export gives nothing but the name.
///
/// They are far below zero, where no database has ids, and the same name always gets the same: a
/// part of its BLAKE2b digest, so that nobody can make up two names that meet.
final class NameIDs {
  private static let places = 2_048
  private static let most = 64

  private struct Place: BitwiseCopyable {
    var id: Int64 = 0
    var count = 0
  }

  /// Names that came lately, one at each place.
  private let recent: UnsafeMutablePointer<Place>
  private let texts: UnsafeMutablePointer<UInt8>

  private let make: (UnsafeBufferPointer<UInt8>) -> Int64

  /// - Parameter make: gives the id of a name that did not come lately.
  init(_ make: @escaping (UnsafeBufferPointer<UInt8>) -> Int64 = NameIDs.digest) {
    self.make = make
    recent = .allocate(capacity: Self.places)
    recent.initialize(repeating: Place(), count: Self.places)
    texts = .allocate(capacity: Self.places * Self.most)
    texts.initialize(repeating: 0, count: Self.places * Self.most)
  }

  deinit {
    recent.deallocate()
    texts.deallocate()
  }

  func id(of name: UnsafeBufferPointer<UInt8>) -> Int64 {
    guard let base = name.baseAddress, name.count <= Self.most else { return make(name) }
    let number = Int(Self.spread(name) & UInt64(Self.places - 1))
    let (place, text) = (recent + number, texts + number * Self.most)
    if place.pointee.id != 0, place.pointee.count == name.count,
      memcmp(text, base, name.count) == 0
    {
      return place.pointee.id
    }
    place.pointee = Place(id: make(name), count: name.count)
    text.update(from: base, count: name.count)
    return place.pointee.id
  }

  private static func spread(_ name: UnsafeBufferPointer<UInt8>) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in name { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    return hash ^ (hash >> 29)
  }

  static func digest(_ name: UnsafeBufferPointer<UInt8>) -> Int64 {
    number(Digest(of: UnsafeRawBufferPointer(name)))
  }

  static func number(_ digest: Digest) -> Int64 {
    let number = digest.bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return -(1 << 32) - Int64(number >> 2)
  }
}
