// Registry data as it comes in: from the bytes of a drop to typed rows, as a stream.
//
// A snapshot is one file of `res.partner` records (a JSON array, NDJSON, or Odoo's JSON-RPC answer)
// or a tar or zip with one file a model, any of them compressed. `SnapshotReader` cuts it into
// records, lets simdjson parse them, checks every value against the description of its field
// (`fields_get` where the drop has it, else `BuiltIn`) and fills `RowBatch`es: plain cells whose
// text points into the parser's memory. What no description knows is kept, its type read off the
// values.
//
// Two rules hold everywhere. Memory never grows with the file: a batch is a few megabytes, a record
// has a limit, and nothing is remembered of a record once its batch is handed on. And a fault says
// where, and what was expected, but never the value: that is somebody's name or number.
