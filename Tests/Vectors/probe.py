"""Asks Airlock itself, through Tests/ArchiveProbe, how it judges vectors."""
import pathlib, shutil, subprocess

from reading import FOLDER, tree


class Probe:
    def __init__(self, program, root):
        self.root = root
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, *words):
        self.process.stdin.write("\t".join(map(str, words)) + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().split()

    def outcome(self, row, folder=FOLDER):
        """Class, code, and the digest of what was opened."""
        into = self.root / "opened"
        card = FOLDER / row["card"] if "card" in row else self.root / "card.json"
        position = row.get("position", {"sequence": "-", "digest": "-"})
        digest = position["digest"] or "-"
        found, code = self.ask("open", folder / row["file"], card, row.get("kind", "mts-request"), position["sequence"], digest, into)
        made = tree(into) if into.exists() else None
        shutil.rmtree(into, ignore_errors=True)
        if len(list(self.root.iterdir())) != 2 or (made is None) == (found == "ok"):
            return "left behind", code, made
        return found, None if code == "-" else code, made

    def is_sound(self, card):
        return self.ask("card", FOLDER / card)[0] == "ok"
