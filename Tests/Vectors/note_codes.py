"""Notes in vectors.json the codes that Airlock gives, and fails where it gives another class than the vector's name says.
Takes the path of the program ArchiveProbe."""
import json, sys

from probe import Probe
from reading import FOLDER, Bench, rows

bench = Bench()
probe = Probe(sys.argv[1], bench.root)
vectors, cards = rows()
wrong = [card["file"] for card in cards if probe.is_sound(card["file"]) != card["sound"]]
for row in vectors:
    found, row["code"], _ = probe.outcome(row)
    wrong += [f"{row['file']}: {found} {row['code']}"] if found != row["class"] else []
bench.close()
if wrong:
    sys.exit("Airlock judges otherwise:\n" + "\n".join(wrong))
(FOLDER / "vectors.json").write_text(json.dumps(vectors, indent=2, sort_keys=True) + "\n")
