import Tarballs

/// A byte source over bytes in memory, `step` at a time.
func source(_ bytes: [UInt8], step: Int = .max) -> ByteSource {
  var rest = bytes[...]
  return { buffer in
    let piece = rest.prefix(min(step, buffer.count))
    buffer.copyBytes(from: piece)
    rest = rest.dropFirst(piece.count)
    return piece.count
  }
}

/// All that a function of the kind `read(into:)` gives.
func readAll(
  step: Int = 65_536, _ read: (UnsafeMutableRawBufferPointer) throws -> Int
) throws -> [UInt8] {
  var all: [UInt8] = []
  var piece = [UInt8](repeating: 0, count: step)
  while true {
    let count = try piece.withUnsafeMutableBytes { try read($0) }
    if count == 0 { return all }
    all += piece[..<count]
  }
}

/// A file that was read: its name ("-" for a lone one) and its bytes.
struct ReadFile: Equatable {
  let name: String
  let bytes: [UInt8]

  init(_ name: String, _ bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
  }

  init(_ name: String, _ text: String) { self.init(name, Array(text.utf8)) }
}

/// Reads a drop to its end.
func readDrop(
  _ bytes: [UInt8], limits: TarballLimits = TarballLimits(), step: Int = .max
) throws -> [ReadFile] {
  let reader = try InputReader(limits: limits, source: source(bytes, step: step))
  var files: [ReadFile] = []
  while let entry = try reader.next() {
    files.append(ReadFile(entry.name ?? "-", try readAll(reader.read)))
  }
  return files
}

/// Reads one of our own archives to its end.
func readArchive(
  _ bytes: [UInt8], limits: TarballLimits = TarballLimits(), step: Int = .max
) throws -> [ReadFile] {
  let reader = try TarZstdReader(
    limits: limits, sourceBytes: Int64(bytes.count), source: source(bytes, step: step))
  var files: [ReadFile] = []
  while let entry = try reader.next() {
    files.append(ReadFile(entry.name ?? "-", try readAll(reader.read)))
  }
  return files
}

/// Packs files as our archives do.
func pack(_ files: [ReadFile], level: Int = 3) throws -> [UInt8] {
  var packed: [UInt8] = []
  let writer = try TarZstdWriter(level: level) { packed += $0 }
  for file in files { try writer.add(file.name, file.bytes) }
  try writer.finish()
  return packed
}

/// The class of the fault that `body` throws; `nil` if it throws none or another error.
func fault(_ body: () throws -> Void) -> TarballFault.Kind? {
  do {
    try body()
    return nil
  } catch {
    return (error as? TarballFault)?.kind
  }
}

/// Bytes that do not compress, the same for the same seed.
func noise(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
  var state = seed
  return (0..<count).map { _ in
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return UInt8(truncatingIfNeeded: state >> 33)
  }
}
