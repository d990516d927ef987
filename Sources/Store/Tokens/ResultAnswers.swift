/// What a result says, gathered before anything is believed: of each VID one answer, by its mark.
package final class ResultAnswers {
  /// What the MTS made of a VID.
  package enum Status: String, Sendable, CaseIterable {
    case processed, error, invalid

    /// As `sent_vids.answered` has it.
    var number: Int64 {
      switch self {
      case .processed: 1
      case .error: 2
      case .invalid: 3
      }
    }
  }

  struct Entry {
    let vid: VIDMark
    var status: Status
    /// Where its token is.
    var token: Range<Int>
    /// Of an error; -1 for none.
    var code: Int
    /// It came with two tokens.
    var isContradicted = false
  }

  private(set) var entries: [Entry] = []
  private(set) var codes: [String] = []
  private var places: [VIDMark: Int] = [:]
  private var codePlaces: [String: Int] = [:]
  private var texts: [UInt8] = []
  /// Rows that said again what one before them said, or less.
  package private(set) var repeated = 0

  package init() {}

  package var count: Int { entries.count }

  /// A VID's token.
  package func add(_ vid: VIDMark, token: UnsafeBufferPointer<UInt8>) {
    guard let place = places[vid] else {
      append(vid, .processed, token, code: -1)
      return
    }
    guard entries[place].status == .processed else {
      // A token after an error of the same VID: the token is the answer.
      repeated += 1
      entries[place].status = .processed
      entries[place].token = keep(token)
      return
    }
    if self.token(of: place).elementsEqual(token) {
      repeated += 1
    } else {
      entries[place].isContradicted = true
    }
  }

  /// A VID that the MTS refused.
  /// - Parameter code: what it is counted by.
  package func add(_ vid: VIDMark, _ status: Status, code: String) {
    guard places[vid] == nil else {
      repeated += 1
      return
    }
    var number = codePlaces[code]
    if number == nil {
      number = codes.count
      codePlaces[code] = codes.count
      codes.append(code)
    }
    append(vid, status, UnsafeBufferPointer(start: nil, count: 0), code: number ?? -1)
  }

  /// The place of a VID; nil if the result has none.
  func place(of vid: VIDMark) -> Int? { places[vid] }

  func token(of place: Int) -> ArraySlice<UInt8> { texts[entries[place].token] }

  func code(of place: Int) -> String? {
    entries[place].code < 0 ? nil : codes[entries[place].code]
  }

  private func append(
    _ vid: VIDMark, _ status: Status, _ token: UnsafeBufferPointer<UInt8>, code: Int
  ) {
    places[vid] = entries.count
    entries.append(Entry(vid: vid, status: status, token: keep(token), code: code))
  }

  private func keep(_ token: UnsafeBufferPointer<UInt8>) -> Range<Int> {
    let start = texts.count
    texts.append(contentsOf: token)
    return start..<texts.count
  }
}
