"""Takes each check out of contrib/open_archive.py, one at a time, and asserts that a vector notices: that it gets another class, or
another card is taken. So that no check of a reader is without its vector.

A check is a call of `require`, or a part of its condition (`and`, `or`), a row of the tables (then anything fits, or one number more at
either end), or an operand of a condition elsewhere. EQUAL names those that nothing can notice, since another check stands behind them, with that one."""
import ast, multiprocessing, os, shutil, sys, tempfile, time

import reading
from reading import FOLDER, READER, Bench, entry, rows

FEWEST = 160
EQUAL = {  # what nothing can notice, and why
    "'kind' of HEADER": "what is no text is no key of USES", "isinstance(value, dict)": "what is no object has no members to ask for",
    "in fits: isinstance(value, dict)": "what is no object has no keys to compare", "in fits: isinstance(value, str)": "no pattern matches what is no text",
    "'fingerprint' of HEADER": "of a next key: it is compared with that of the keys", "'sealing' of HEADER": "agree() decodes it",
    "'signing' of HEADER": "agree() decodes it", "'sealing' of CARD": "it is decoded for the fingerprint", "'signing' of CARD": "it is decoded for the id",
    "'key_id' of CARD": "it is compared with that of the keys",
    "range(4096, 2 ** 48 + 1), by one more": "neither number is a size class", "range(1, 7), by one more": "there are six uses, each once",
    "of version 1, which is not read any more: have it sealed anew": "a word for people: any other magic is refused too",
    "line.endswith(b'\\n')": "what is cut is no JSON", "the archive has holes": "a hole cannot be kept here; SecondReaderTests makes one",
    "the file changed while it was read": "a vector does not change", "file.read(1)": "a vector does not change", "digest.digest() == signed": "a vector does not change",
    "piece[:4] == b'(\\xb5/\\xfd'": "libzstd says the same; behind a skippable frame there is something",
    "kind == 'card'": "an identity has other members", "free": "not of archives", "os.path.lexists(into)": "not of archives",
    "it is there, and is not an empty folder": "not of archives",
}  # fmt: skip


class Instead(ast.NodeTransformer):
    """Puts something else in the place of the node `wanted`."""

    def __init__(self, wanted, other):
        self.wanted, self.other = wanted, other

    def visit(self, node):
        return self.other if node is self.wanted else self.generic_visit(node)


def parts(condition, holds=True):
    """The operands of a condition, each with what it is when it has nothing against anything."""
    if isinstance(condition, ast.UnaryOp) and isinstance(condition.op, ast.Not):
        yield from parts(condition.operand, not holds)
    elif isinstance(condition, ast.BoolOp):
        for operand in condition.values:
            yield from parts(operand, holds)
    else:
        yield condition, holds


def fact(call):
    text = call.args[1]
    return text.value if isinstance(text, ast.Constant) else ast.unparse(text)


def checks(tree):
    """Each (line, what, node, what stands there instead)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "require":
            yield node.lineno, fact(node), node.args[0], True
            pieces = list(parts(node.args[0]))
            if len(pieces) > 1:
                for piece, holds in pieces:
                    yield piece.lineno, ast.unparse(piece), piece, holds
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in ("HEADER", "ANSWERS", "CARD", "TERMS"):
            for row in ast.walk(node.value):
                if isinstance(row, ast.Dict):
                    for key, value in zip(row.keys, row.values):
                        if not isinstance(value, ast.Dict):
                            yield value.lineno, f"{ast.unparse(key)} of {node.targets[0].id}", value, ast.Name("ANY", ast.Load())
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "range" and len(node.args) and node.lineno < 70:
            for place, step in ((0, -1), (len(node.args) - 1, 1)):
                if place or step > 0 or len(node.args) > 1:
                    bound = node.args[place]
                    yield node.lineno, f"{ast.unparse(node)}, by one more", bound, ast.BinOp(bound, ast.Add(), ast.Constant(step))
        if isinstance(node, ast.FunctionDef) and node.name in ("fits", "agree"):
            for end in ast.walk(node):
                if isinstance(end, ast.Return):
                    for piece, holds in parts(end.value):
                        yield piece.lineno, f"in {node.name}: {ast.unparse(piece)}", piece, holds


def judged(number):
    """Whether a vector or a card notices that this check is gone."""
    bench, tree = BENCHES.setdefault(os.getpid(), Bench()), ast.parse(SOURCE)
    line, what, node, other = list(checks(tree))[number]
    other = ast.copy_location(ast.Constant(other), node) if isinstance(other, bool) else other
    reader = entry(compile(ast.fix_missing_locations(Instead(node, other).visit(tree)), "reader", "exec"))
    word = what.split("'")[1].replace("_", "-") if what.startswith("'") else "-"
    near = sorted(VECTORS, key=lambda row: (line not in row["failed"], word not in row["file"].replace("_", "-")))
    found = any(bench.is_sound(reader, card["file"]) != card["sound"] for card in CARDS) if line > 280 or "CARD" in what or "TERMS" in what else False
    found = found or any(bench.outcome(reader, row)[0] != row["class"] for row in near)
    return line, what, found or any(bench.is_sound(reader, card["file"]) != card["sound"] for card in CARDS)


SOURCE, BENCHES = READER.read_text(), {}
VECTORS, CARDS = rows()


def main():
    started, failed = time.time(), []
    place = reading.PLACE = tempfile.mkdtemp(dir=reading.PLACE)
    bench, whole = Bench(), entry(compile(SOURCE, "reader", "exec"), failed)
    for row in VECTORS:
        failed.clear()
        assert bench.outcome(whole, row)[0] == row["class"], row["file"]
        row["failed"] = failed[:]
    bench.close()
    VECTORS.sort(key=lambda row: (row["file"] == "payload-bomb.sealed", row["class"] == "ok"))
    count = len(list(checks(ast.parse(SOURCE))))
    with multiprocessing.Pool(2) as pool:
        results = pool.map(judged, range(count), chunksize=4)
    shutil.rmtree(place)
    unnoticed = [(line, what) for line, what, found in results if not found]
    holes = [(line, what) for line, what in unnoticed if what not in EQUAL]
    for line, what in holes:
        print(f"line {line}: {what}\n    {SOURCE.splitlines()[line - 1].strip()}")
    for what in set(EQUAL) - {what for _, what in unnoticed}:
        print(f"noticed after all: {what}")
    print(f"{count} checks taken out one at a time, {len(unnoticed) - len(holes)} of them equal, {len(holes)} holes, {time.time() - started:.0f} s")
    sys.exit(bool(holes or count < FEWEST or set(EQUAL) - {what for _, what in unnoticed}))


if __name__ == "__main__":
    main()
