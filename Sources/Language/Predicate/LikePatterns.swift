/// Several patterns that fold case alike, asked at once: whether any of them matches.
package struct LikePatterns: Sendable {
  private let patterns: [LikePattern]

  /// Bytes of text and pattern that may be compared before the caller is asked whether to go on.
  private static let stretch = 1 << 22

  package init(_ patterns: [LikePattern]) { self.patterns = patterns }

  /// - Parameter isOver: asked now and then when it takes long.
  /// - Returns: nil if it was over before it was known.
  package func matches(_ text: UnsafeBufferPointer<UInt8>, isOver: () -> Bool) -> Bool? {
    guard patterns.first?.foldsCase == true else { return matchesFolded(text, isOver) }
    return LikePattern.withFolded(text) { matchesFolded($0, isOver) }
  }

  private func matchesFolded(
    _ text: UnsafeBufferPointer<UInt8>, _ isOver: () -> Bool
  ) -> Bool? {
    var work = 0
    for index in patterns.indices {
      if patterns[index].matchesFolded(text) { return true }
      work += patterns[index].cost(over: text.count)
      guard work > Self.stretch else { continue }
      if isOver() { return nil }
      work = 0
    }
    return false
  }
}
