/// Where in a text a fault is: for a verdict, which programs read.
package struct FaultPlace: Sendable, Hashable {
  /// The file or the entry of an archive, if it is not the drop itself.
  package let file: String?
  /// From 1.
  package let line: Int?
  /// From 1, in Unicode scalars.
  package let column: Int?
  /// JSON pointer (RFC 6901).
  package let pointer: String?
  /// Where in the text that stands there, if that is a text within the text.
  package let inside: Inside?

  /// Line and column of a text within a text, both from 1.
  package struct Inside: Sendable, Hashable {
    package let line: Int
    package let column: Int

    package init(line: Int, column: Int) {
      self.line = line
      self.column = column
    }
  }

  package init(
    file: String? = nil, line: Int? = nil, column: Int? = nil, pointer: String? = nil,
    inside: Inside? = nil
  ) {
    self.file = file
    self.line = line
    self.column = column
    self.pointer = pointer
    self.inside = inside
  }
}
