/// Names that are not UTF-8, as old packers write them: of a zip without the flag for UTF-8 the
/// specification says that they are in IBM's code page 437 (APPNOTE.TXT, appendix D).
enum OldEncoding {
  /// What the bytes from 0x80 on stand for.
  private static let upper: [Character] = Array(
    "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧"
      + "╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{A0}")

  /// The text. Whatever the name was meant to be, two that differ stay two, and none gets a `/`,
  /// a control or a dot that it had not.
  static func text(_ bytes: some Sequence<UInt8>) -> String {
    String(bytes.map { $0 < 0x80 ? Character(Unicode.Scalar($0)) : upper[Int($0) - 0x80] })
  }
}
