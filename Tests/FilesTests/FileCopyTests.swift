import Foundation
import Glibc
import Testing

@testable import Files

/// Copies between open files, by the kernel and by hand.
struct FileCopyTests {
  @Test("What is left of a file is copied to where the other stands, whoever does it")
  func rest() throws {
    let scratch = try Scratch()
    let text = String(repeating: "0123456789abcdef", count: 200_000)
    try scratch.write("skipped" + text, as: "source")
    for (name, copy) in [("kernel", FileCopy.rest), ("hand", FileCopy.byHand)] {
      let source = open(scratch.path("source"), O_RDONLY)
      let target = open(scratch.path(name), O_RDWR | O_CREAT, 0o600)
      defer { [source, target].forEach { close($0) } }
      lseek(source, 7, SEEK_SET)
      #expect(write(target, "before", 6) == 6)
      try copy(source, target, "source")
      #expect(try scratch.read(name) == "before" + text)
      #expect(lseek(target, 0, SEEK_CUR) == lseek(source, 0, SEEK_END) - 1)
    }
  }

  @Test("A file that cannot be written is a fault that names the source")
  func fault() throws {
    let scratch = try Scratch()
    try scratch.write("text", as: "source")
    let source = open(scratch.path("source"), O_RDONLY)
    defer { close(source) }
    #expect(throws: FileFault.self) { try FileCopy.rest(of: source, to: source, named: "source") }
    #expect(throws: FileFault.self) { try FileCopy.byHand(source, source, "source") }
  }
}
