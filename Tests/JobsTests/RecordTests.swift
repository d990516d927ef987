import Fixtures
import Foundation
import GRDB
import JSONText
import Language
import Policies
import Store
import Testing

@testable import Jobs

/// What is sent of a registrant, field by field.
struct RecordTests {
  /// One row as a selection gives it: id, VID, then the fields.
  private func write(
    _ values: [String?], vid: String? = "111", job: String, isShared: Bool = false,
    policy: ValueTable = ValueTable()
  ) throws -> (record: JSON?, leftOut: LeftOut?) {
    let manifest = try ManifestDecoder.decode(
      JSONDocument(
        parsing:
          "{\"airlock\": \"job\", \"version\": 1, \"name\": \"j\", \"recipient\": \"mts\", \"filter\": [[\"id\",\"=\",1]], \(job)}"
      ))
    let model = ModelDescription(
      "res.partner", origin: .builtIn,
      fields: manifest.leavingFields.map { FieldDescription($0.name, .char) })
    let fields = try manifest.leavingFields.map {
      try SelectedField($0.name, of: model, in: ModelCatalog([model]))
    }
    var writer = RecordWriter(
      layout: RecordLayout(manifest, fields: fields),
      genders: GenderWords(manifest.mts.values, policy: policy))
    var leftOut: LeftOut?
    try DatabaseQueue().read { database in
      let marks = (["7", "?"] + values.map { _ in "?" }).joined(separator: ",")
      let statement = try database.makeStatement(sql: "SELECT \(marks)")
      try statement.setArguments(StatementArguments([vid] + values))
      let rows = try Row.fetchCursor(statement)
      while try rows.next() != nil {
        leftOut = writer.append(RegistrantRow(statement: statement.sqliteStatement)) { _ in isShared
        }
      }
    }
    guard leftOut == nil else { return (nil, leftOut) }
    return (try JSONDocument(parsing: writer.bytes).root.json, nil)
  }

  private static let job =
    "\"fields\": [\"given_name\", \"family_name\", \"gender\", \"birthdate\", \"address\", \"phone\", \"id\"]"

  @Test("Parts are joined, blank ones left out; every value is non-empty text")
  func joins() throws {
    let record = try write(
      ["Ana", " ", "female", "1990/01/02", "Street \"1\"\n", nil, "7"], job: Self.job
    ).record
    #expect(
      record == [
        "vid": "111", "name": "Ana", "gender": "female", "dob": "1990/01/02",
        "fullAddress": "Street \"1\"\n", "id": "7",
      ])
  }

  @Test(
    "Who lacks what the MTS must have is left out, with the MTS's first reason",
    arguments: [
      ([nil, nil, nil, nil, nil], "111", .noName), (["A", "B", nil, nil, nil], "111", .noGender),
      (["A", "B", "male", "\u{A0} \u{3000}", nil], "111", .noBirthDate),
      (["A", "B", "male", "1990/01/02", "\t"], "111", .noAddress),
      ([nil, nil, nil, nil, nil], " \n", .noVID), ([nil, nil, nil, nil, nil], nil, .noVID),
    ] as [([String?], String?, LeftOut)])
  func leftOut(values: [String?], vid: String?, reason: LeftOut) throws {
    #expect(try write(values + [nil, "7"], vid: vid, job: Self.job).leftOut == reason)
  }

  @Test(
    "fault 130: what a spreadsheet made of a VID is nobody's VID any more, and a VID of letters is one",
    arguments: [
      ("4.12616E+15", .oddVID), ("4,12616E+15", .oddVID), ("4.1e15", .oddVID), ("4E+15", .oddVID),
      ("################", .oddVID), ("4126162436616973.0", .oddVID),
      ("4126162436616973,", .oddVID),
      ("'4126162436616973", .oddVID), ("4126 1624 3661 6973", .oddVID), ("-4.1E-3", .oddVID),
      ("4126162436616973", nil), ("12E34", nil), ("E15", nil), ("AB-12.3", nil), ("0265", nil),
    ] as [(String, LeftOut?)])
  func destroyed(vid: String, reason: LeftOut?) throws {
    let values = ["A", "B", "male", "1990/01/02", "x", nil, "7"]
    #expect(try write(values, vid: vid, job: Self.job).leftOut == reason)
  }

  @Test(
    "fault 132: a gender is sent as the table says, the manifest's before the policy's; words as the MTS's own",
    arguments: [
      ("F", "Female"), ("f", "Female"), ("M", "Mann"), ("Female", "Female"), ("male", "male"),
      (" Male ", "Male"), ("Féminin", "female"), ("Fe\u{301}minin", "female"), ("MUJER", "female"),
      ("Hombre", "male"), ("أنثى", "female"), ("ប្រុស", "male"), ("பெண்", "female"), ("X", "X"),
      ("other", "other"), ("Outro", "others"),
    ])
  func gender(value: String, sent: String) throws {
    let table = try ValueTable(
      JSONCursor(JSONDocument(parsing: #"{"gender": {"F": "no", "M": "Mann"}}"#)))
    let record = try write(
      ["A", "B", value, "1990/01/02", "x", nil, "7"],
      job: Self.job + #", "mts": {"values": {"gender": {"F": "Female"}}}"#, policy: table
    ).record
    #expect(record?["gender"]?.text == sent)
  }

  @Test("A VID that someone else holds as well is not sent")
  func shared() throws {
    let values = ["A", "B", "male", "1990/01/02", "x", nil, "7"]
    #expect(try write(values, job: Self.job, isShared: true).leftOut == .sharedVID)
  }

  @Test("Control characters and quotes leave as JSON escapes")
  func escapes() throws {
    let odd = "\u{1}\u{1F}\"\\/\u{7F}é😀\r\t"
    let record = try write([odd, nil, "male", "1990/01/02", "x", nil, "7"], job: Self.job).record
    #expect(record?["name"]?.text == odd)
  }

  @Test("A selected field whose name is an MTS key made from others is not sent, and that is said")
  func shadowed() throws {
    let manifest = try ManifestDecoder.decode(
      JSONDocument(
        parsing: """
          {"airlock": "job", "version": 1, "name": "j", "recipient": "mts", "filter": [["id", "=", 1]],
           "fields": ["name", "given_name", "gender", "birthdate", "address"],
           "mts": {"mapping": {"name": ["given_name"]}}}
          """))
    let layout = RecordLayout(manifest, fields: [])
    #expect(layout.shadowed.map(\.name) == ["name"])
  }
}

struct WallClockTests {
  @Test(
    "The request time is in the only form that the MTS takes",
    arguments: [
      (0, "1970-01-01T00:00:00.000Z"), (1_795_000_000_007, "2026-11-18T11:06:40.007Z"),
    ] as [(Int64, String)])
  func requestTime(milliseconds: Int64, text: String) {
    #expect(WallClock { milliseconds }.requestTime == text)
  }
}
