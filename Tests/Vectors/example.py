"""Writes the worked example of docs/archive-format.md: ok-small.sealed, its middle left out."""
import re

from reading import FOLDER
from sealer import MAGIC, digest, preamble_of

PAGE = FOLDER.parents[1] / "docs/archive-format.md"
archive = (FOLDER / "ok-small.sealed").read_bytes()
preamble = preamble_of(archive)
payload = int(re.search(rb'"payload_bytes":(\d+)', preamble)[1])


def line(start):
    row = archive[start : start + 16]
    digits = "  ".join(" ".join(f"{byte:02x}" for byte in half) for half in (row[:8], row[8:]))
    text = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in row)
    return f"{start:08x}  {digits:<48}  |{text}|"


shown = len(preamble) // 16 * 16 + 64
lines = [line(start) for start in range(0, shown, 16)] + ["*"] + [line(start) for start in range((len(archive) - 33) // 16 * 16, len(archive), 16)]
newline = chr(10)
example = f"""<!-- Written by scripts/make-vectors. -->
`ok-small.sealed`, {len(archive):,} bytes. H is {len(preamble) - len(MAGIC) - 1}; the newline behind the header is byte {len(preamble) - 1}, the
stream header begins at {len(preamble)}, the only chunk at {len(preamble) + 24}. P is {payload:,}, so the chunk has {payload + 17:,} bytes.
The additional data is `{digest(preamble).hexdigest()}`.

```hexdump
{newline.join(lines)}
```

Its digest (BLAKE2b-256) is `{digest(archive).hexdigest()}`, and BLAKE2b-512, which is signed, is

    {digest(archive, 64).hexdigest()}

`ok-small.sealed.minisig`:

```
{(FOLDER / "ok-small.sealed.minisig").read_text()}```
<!-- End of what scripts/make-vectors wrote. -->"""
page = PAGE.read_text()
PAGE.write_text(re.sub(r"<!-- Written by .*wrote. -->", lambda _: example, page, flags=re.DOTALL))
