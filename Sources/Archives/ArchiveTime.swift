package import JSONText

/// Headers tell times as every document of ours does.
package typealias UTCTime = JSONText.UTCTime
