import Archives
import Faults
import Keys
import Snapshots

/// Why a result is not taken in.
struct ResultFault: Fault, Equatable {
  let code: String
  let message: String
  let hint: String?
  var blame: Blame { ResultFault.held.contains(code) ? .authenticity : .input }

  private init(_ code: String, _ message: String, hint: String) {
    (self.code, self.message, self.hint) = (code, message, hint)
  }

  /// Those that are held for the operator.
  static let held: Set<String> = [
    "result_unknown_archive", "result_digest_differs", "result_of_another_stream",
  ]

  static func incomplete(_ fault: SnapshotFault) -> ResultFault {
    incomplete("the result is cut short: \(fault.message)")
  }

  static func incomplete(rows: Int, of sent: Int) -> ResultFault {
    incomplete("the result has \(rows) rows, and the archive that it answers has \(sent) records")
  }

  private static func incomplete(_ message: String) -> ResultFault {
    ResultFault(
      "incomplete_result", message,
      hint: "the MTS writes its results in place: fetch it again a second later, and drop it again")
  }

  static let empty = ResultFault(
    "empty_result", "the result has no rows", hint: "fetch it from the MTS again")

  static let tooMany = ResultFault(
    "result_too_long", "the result has far more rows than VIDs were ever sent",
    hint: "is it a result for this site?")

  static let nothingSent = ResultFault(
    "result_of_nothing", "none of its VIDs was ever sent by this site",
    hint: "is it the result of another site, or was store/hash.key replaced?")

  static func unknownArchive(_ reference: ArchiveReference) -> ResultFault {
    ResultFault(
      "result_unknown_archive",
      "the stream \(reference.stream) of this site has shown no archive \(reference.sequence)",
      hint: "if it did, the journal was restored or lost: restore the newest store/journal.sqlite")
  }

  static func digestDiffers(_ reference: ArchiveReference) -> ResultFault {
    ResultFault(
      "result_digest_differs",
      "it answers another archive \(reference.sequence) of \(reference.stream) than this site has shown",
      hint: "have it sealed anew with the archive that was collected: airlock seal --answers")
  }

  static func otherStream(_ name: KeyName, _ reference: ArchiveReference) -> ResultFault {
    ResultFault(
      "result_of_another_stream",
      "it is from \(name), who is no recipient of the stream \(reference.stream)",
      hint: "streams.\(reference.stream).recipients in policies/site.json says who is")
  }
}
