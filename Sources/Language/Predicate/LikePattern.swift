/// A pattern of PostgreSQL's LIKE: `%` is any text, `_` one code point, `\` takes the next
/// character as it is. Matching never backs up past the last `%`: at worst the product of the
/// lengths of text and pattern, and where there is no `_` their sum.
package struct LikePattern: Sendable, Hashable {
  /// The pattern as it was written.
  package let text: String
  /// Compares `lower()` of both sides, code point by code point.
  package let foldsCase: Bool
  /// A single `\` at the end escapes nothing: PostgreSQL refuses to match it.
  package let endsInEscape: Bool

  /// The parts between the `%`; the first is anchored at the start, the last at the end.
  private let segments: [Segment]
  /// Steps for each byte of a text, at worst.
  private let hardest: Int

  /// One step of a segment: a byte, or any one code point.
  private static let anyScalar: UInt16 = 256

  private struct Segment: Sendable, Hashable {
    var steps: [UInt16] = []
    /// The same as bytes, if there is no `_` in it.
    var literal: Literal?
  }

  static let longest = 8192

  /// - Throws: `too_large` for a pattern beyond 8,192 bytes, `wrong_value` for one with a NUL in it.
  package init(_ text: String, foldsCase: Bool, place: Place? = nil) throws(DomainFault) {
    guard text.utf8.count <= LikePattern.longest else {
      throw DomainFault(
        .tooLarge, "a pattern of more than \(LikePattern.longest) bytes", place,
        departure: .limit)
    }
    // PostgreSQL takes none, and what lies behind one would be lost on the way through C.
    guard !text.utf8.contains(0) else {
      throw DomainFault(.wrongValue, "the pattern holds a NUL character", place)
    }
    self.text = text
    self.foldsCase = foldsCase
    var segments = [Segment()]
    var isEscaped = false
    for scalar in text.unicodeScalars {
      if isEscaped || !["%", "_", "\\"].contains(scalar) {
        LikePattern.append(scalar, folded: foldsCase, to: &segments[segments.count - 1].steps)
        isEscaped = false
      } else if scalar == "\\" {
        isEscaped = true
      } else if scalar == "_" {
        segments[segments.count - 1].steps.append(LikePattern.anyScalar)
      } else {
        segments.append(Segment())
      }
    }
    endsInEscape = isEscaped
    for index in segments.indices where !segments[index].steps.contains(LikePattern.anyScalar) {
      segments[index].literal = Literal(
        segments[index].steps.map { UInt8(truncatingIfNeeded: $0) })
    }
    self.segments = segments
    hardest = segments.reduce(1) { $0 + ($1.literal == nil ? $1.steps.count : 1) }
  }

  private static func append(_ scalar: Unicode.Scalar, folded: Bool, to steps: inout [UInt16]) {
    let value = folded ? CaseFolding.lower(scalar.value) : scalar.value
    guard let scalar = Unicode.Scalar(value), let bytes = UTF8.encode(scalar) else { return }
    steps.append(contentsOf: bytes.map(UInt16.init))
  }

  /// Whether UTF-8 text matches.
  package func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    foldsCase ? LikePattern.withFolded(text, matchesFolded) : matchesFolded(text)
  }

  /// Hands over the text in lower case.
  static func withFolded<Result>(
    _ text: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Result
  ) -> Result {
    // Folding may lengthen a code point from two bytes to three.
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: text.count * 2 + 4) { scratch in
      let count = fold(text, into: scratch)
      return body(UnsafeBufferPointer(rebasing: scratch[..<count]))
    }
  }

  /// The most steps that a match against a text of so many bytes takes, about.
  func cost(over bytes: Int) -> Int { 16 + bytes * hardest }

  /// Whether a string matches.
  package func matches(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { matches($0) }
  }

  /// Whether text matches that is in lower case already, where case is folded.
  func matchesFolded(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard var position = match(segments[0], text, at: 0) else { return false }
    guard segments.count > 1 else { return position == text.count }
    for segment in segments.dropFirst().dropLast() where !segment.steps.isEmpty {
      guard let next = find(segment, text, from: position) else { return false }
      position = next
    }
    return endsWith(segments[segments.count - 1], text, from: position)
  }

  /// The end of a match that begins at `start`.
  private func match(
    _ segment: Segment, _ text: UnsafeBufferPointer<UInt8>, at start: Int
  ) -> Int? {
    var position = start
    for step in segment.steps {
      guard position < text.count else { return nil }
      if step == LikePattern.anyScalar {
        position = LikePattern.after(position, in: text)
      } else {
        guard text[position] == UInt8(truncatingIfNeeded: step) else { return nil }
        position += 1
      }
    }
    return position
  }

  /// The end of the first match from `start` on.
  private func find(
    _ segment: Segment, _ text: UnsafeBufferPointer<UInt8>, from start: Int
  ) -> Int? {
    if let literal = segment.literal { return literal.end(in: text, from: start) }
    var position = start
    while position < text.count {
      if let end = match(segment, text, at: position) { return end }
      position = LikePattern.after(position, in: text)
    }
    return nil
  }

  private func endsWith(
    _ segment: Segment, _ text: UnsafeBufferPointer<UInt8>, from start: Int
  ) -> Bool {
    // A segment's length in bytes is known only backwards: `_` may be one to four.
    var position = text.count
    for step in segment.steps.reversed() {
      guard position > start else { return false }
      position -= 1
      if step == LikePattern.anyScalar {
        while position > start, text[position] & 0xC0 == 0x80 { position -= 1 }
      } else if text[position] != UInt8(truncatingIfNeeded: step) {
        return false
      }
    }
    return true
  }

  private static func after(_ position: Int, in text: UnsafeBufferPointer<UInt8>) -> Int {
    var next = position + 1
    while next < text.count, text[next] & 0xC0 == 0x80 { next += 1 }
    return next
  }

  /// Lower-cases valid UTF-8; gives the number of bytes written.
  private static func fold(
    _ text: UnsafeBufferPointer<UInt8>, into out: UnsafeMutableBufferPointer<UInt8>
  ) -> Int {
    var (read, written) = (0, 0)
    while read < text.count {
      let byte = text[read]
      if byte < 0x80 {
        out[written] = byte &- 0x41 < 26 ? byte + 0x20 : byte
        (read, written) = (read + 1, written + 1)
        continue
      }
      let end = after(read, in: text)
      var value = UInt32(byte) & (0x7F >> UInt32(min(end - read, 4)))
      for next in read + 1..<end { value = value << 6 | UInt32(text[next] & 0x3F) }
      let lower = CaseFolding.lower(value)
      if lower == value {
        for next in read..<end { out[written + next - read] = text[next] }
        written += end - read
      } else {
        written += encode(lower, into: out, at: written)
      }
      read = end
    }
    return written
  }

  private static func encode(
    _ value: UInt32, into out: UnsafeMutableBufferPointer<UInt8>, at start: Int
  ) -> Int {
    guard let scalar = Unicode.Scalar(value), let bytes = UTF8.encode(scalar) else { return 0 }
    for (index, byte) in bytes.enumerated() { out[start + index] = byte }
    return bytes.count
  }
}
