import Fixtures
import Foundation
import Language
import Testing

@testable import Snapshots

/// The built-in description against what a real Odoo says of its models.
struct BuiltInTests {
  private func real(_ model: String) throws -> ModelDescription {
    let path = Fixture.path("fields_get/\(model).fields_get.json")
    return try FieldsGet.read(
      Array(Data(contentsOf: URL(fileURLWithPath: path))), model: model, known: nil, file: model,
      limits: SnapshotLimits())
  }

  @Test(
    "Every built-in field is what the real one is", arguments: BuiltIn.catalog.models.keys.sorted())
  func same(_ model: String) throws {
    let real = try real(model)
    let ours = try #require(BuiltIn.catalog[model])
    #expect(ours.fields.count > 6)
    for field in ours.fields.values {
      var theirs = try #require(real[field.name], "\(model) has no \(field.name)")
      // The time zones and languages are Odoo's to list, the genders the registry's.
      if ["tz", "lang", "gender", "individual_gender"].contains(field.name) {
        theirs.selection = field.selection
        theirs.selectionLabels = field.selectionLabels
      }
      // Odoo names the path of a related field that is stored as well; a column needs none.
      if theirs.isStored { theirs.related = nil }
      #expect(field == theirs)
    }
  }

  @Test("All that Odoo stores of a registrant, and all that points to one, is built in")
  func complete() throws {
    for model in [
      "res.partner", "g2p.reg.id", "g2p.phone.number", "g2p.group.membership", "g2p.reg.rel",
    ] {
      let missing = try real(model).fields.values.filter {
        $0.isStored && $0.type != .binary && BuiltIn.catalog[model]?[$0.name] == nil
      }
      let mail = ["message_", "activity_", "website_message", "signup_", "image_", "avatar_"]
      let rest = missing.map(\.name).filter { name in !mail.contains { name.hasPrefix($0) } }
        .sorted()
      #expect(
        rest
          == (model == "res.partner"
            ? ["additional_info", "bank_ids", "channel_ids", "starred_message_ids"] : []))
    }
  }
}
