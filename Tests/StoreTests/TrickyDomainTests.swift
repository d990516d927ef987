import JSONText
import Testing

@testable import Store

/// Domains beside the recorded ones, each on the edge of a rule. What they pick was worked out from
/// the rules and the exported records, by a program of its own.
struct TrickyDomainTests {
  @Test("Domains on the edges of the rules pick whom the rules say, over the real export")
  func tricky() throws {
    let store = try TemporaryStore(loading: "extract")
    defer { withExtendedLifetime(store) {} }
    let snapshot = try SnapshotStore.open(store.store)
    for row in Self.rows {
      let search = try RegistrySearch(
        JSONDocument(parsing: row.domain), model: "res.partner", activeTest: row.activeTest,
        over: snapshot)
      var ids: [Int64] = []
      try search.forEachID { ids.append($0) }
      #expect(ids.count == row.count, "\(row.domain)")
      #expect(ids.reduce(0, +) == row.sum, "\(row.domain)")
    }
    #expect(Self.rows.count >= 50)
  }

  /// How many are picked, and the sum of their ids.
  private struct Row {
    let domain: String
    let activeTest: Bool
    let count: Int
    let sum: Int64

    init(_ domain: String, _ count: Int, _ sum: Int64, archived: Bool = false) {
      self.domain = domain
      activeTest = !archived
      self.count = count
      self.sum = sum
    }
  }

  private static let rows: [Row] = [
    Row(#"["!", ["country_id", "<>", "PH"]]"#, 0, 0),
    Row(#"["!", ["country_id", "!=", "PH"]]"#, 280, 290273),
    Row(#"["!", ["kind_as_str", "<>", "Family"]]"#, 87, 87816),
    Row(#"["!", ["kind_as_str", "!=", "Family"]]"#, 87, 87816),
    Row(#"["!", ["reg_ids.id_type.name", "<>", "MOSIP VID"]]"#, 651, 706948),
    Row(#"["!", "|", ["income", "<>", 0], ["email", "<>", ""]]"#, 21, 22063),
    Row(#"["!", "!", ["name", "<>", "x"]]"#, 1940, 2007188),
    Row(#"["!", "&", ["income", "<", 1], "!", ["email", "=", false]]"#, 1159, 1199962),
    Row(#"["|", ["income", "not in", [0]], ["income", "=", 0.0]]"#, 2076, 2155926, archived: true),
    Row(#"["!", ["income", "not in", [false, 0]]]"#, 965, 1044437, archived: true),
    Row(#"[["color", "in", [0, null, "3"]]]"#, 745, 815180, archived: true),
    Row(#"[["income", ">=", false], ["income", "<=", null]]"#, 344, 359225),
    Row(#"[["is_group", "not in", [0]]]"#, 300, 301900, archived: true),
    Row(#"["!", ["is_group", "in", [null]]]"#, 2076, 2155926, archived: true),
    Row(#"[["is_group", "=", 0]]"#, 1625, 1634791, archived: true),
    Row(#"["!", ["email", "=ilike", "%"]]"#, 0, 0),
    Row(#"["|", "!", ["email", "=like", "%@%"], ["email", "=", false]]"#, 689, 741928),
    Row(#"["!", ["ref", "=?", null]]"#, 0, 0),
    Row(#"[["email", "not ilike", ""], ["ref", "=?", false]]"#, 556, 600887),
    Row(#"[["income", "<", "nan"]]"#, 1472, 1491060, archived: true),
    Row(#"[["income", "not in", ["nan", "inf"]]]"#, 2076, 2155926, archived: true),
    Row(#"[["income", "<=", 1e+308], ["income", "!=", "inf"]]"#, 1472, 1491060, archived: true),
    Row(#"[["color", "=", "\u0662"]]"#, 284, 284472, archived: true),
    Row(#"[["color", "=", -0.9]]"#, 624, 689340, archived: true),
    Row(#"[["name", "=like", "\\%%"]]"#, 1, 185, archived: true),
    Row(#"[["name", "=ilike", "_%\u0130_%"]]"#, 998, 1040851, archived: true),
    Row(#"["!", "|", ["name", "ilike", "A"], ["name", "ilike", "e"]]"#, 164, 134063),
    Row(#"[["birthdate", "like", "-02-"], ["birthdate", ">", "1999-12-31T23:00"]]"#, 79, 77808),
    Row(#"["!", ["disabled", ">", "2023-06-15"]]"#, 119, 126535, archived: true),
    Row(#"[["district", "not in", [0]]]"#, 659, 738595),
    Row(#"["!", ["district", "in", ["Kandal", "Nowhere"]]]"#, 1829, 1900326),
    Row(#"[["district", "!=", false], ["district", "not like", ""]]"#, 101, 105899),
    Row(#"[["tags_ids", "not in", [1, false, 2]]]"#, 1679, 1757533),
    Row(#"["!", "|", ["tags_ids", "=", "PWD"], ["tags_ids", "=", false]]"#, 570, 570243),
    Row(#"[["tags_ids", "!=", "Archived tag"]]"#, 1940, 2007188),
    Row(#"[["reg_ids", "!=", null]]"#, 1940, 2007188),
    Row(
      #"[["reg_ids", "any", ["!", "|", ["id_type.name", "=", "MOSIP VID"], ["value", "=", false]]]]"#,
      1212, 1226937),
    Row(#"[["reg_ids", "not any", ["!", ["value", "in", [false, ""]]]]]"#, 468, 513099),
    Row(#"["!", ["reg_ids.id_type_as_str", "=", "MOSIP VID"]]"#, 748, 808792),
    Row(#"["!", ["parent_id.district.name", "=", "Kandal"]]"#, 1929, 1994321),
    Row(#"[["parent_id", "any", ["!", ["district.name", "!=", "Kandal"]]]]"#, 95, 96119),
    Row(#"[["group_membership_ids.individual.tags_ids.name", "=", "Archived tag"]]"#, 0, 0),
    Row(
      #"[["group_membership_ids.individual.tags_ids.name", "=", "Archived tag"]]"#, 57, 54465,
      archived: true),
    Row(#"[["parent_id.tags_ids.name", "=", "Archived tag"]]"#, 19, 19629),
    Row(#"[["tags_ids", "any", ["|", [1, "=", 1], ["active", "=", false]]]]"#, 644, 650677),
    Row(#"[["child_ids", "not any", [["active", "in", [true, false]]]]]"#, 1725, 1782995),
    Row(#"["!", ["active", "=", true]]"#, 136, 148738),
    Row(#"[["parent_id.active", "!=", true]]"#, 19, 22055),
    Row(#"["!", ["id", "child_of", [131, false]]]"#, 1936, 2004185),
    Row(#"[["parent_id.id", "child_of", [131.0]]]"#, 3, 2872),
    Row(#"[["id", "parent_of", [null, 131]]]"#, 3, 2757),
    Row(#"["&", ["category_id", "parent_of", 9], "!", ["category_id", "child_of", 3]]"#, 69, 76766),
    Row(
      #"["|", ["gender", "=", "female"], "!", ["city", "=", false], ["email", "in", [false, ""]]]"#,
      618, 665012),
    Row(#"[[true, "=", 1.0], "!", [false, "=", true], ["id", "in", [40.0, 41]]]"#, 2, 81),
  ]
}
