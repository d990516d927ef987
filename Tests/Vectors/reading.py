"""Runs contrib/open_archive.py, as it is or with a check taken out, over vectors, in this process."""
import contextlib, hashlib, io, json, os, pathlib, shutil, signal, sys, tempfile

from sealer import MTS, REGISTRY

FOLDER = pathlib.Path(__file__).parent
READER = FOLDER.parents[1] / "contrib/open_archive.py"


PLACE = "/dev/shm" if os.path.isdir("/dev/shm") else None  # where archives are opened: in memory, if that is to be had
ANY = object()  # a rule that anything fits


def entry(code, failed_at=None):
    """`main` of a reader; `failed_at` gets the line of each check that fails."""
    names = {"__name__": "reader", "ANY": ANY}
    exec(code, names)
    fits, require = names["fits"], names["require"]

    def noting(holds, *fact):
        holds or failed_at.append(sys._getframe(1).f_lineno)
        require(holds, *fact)

    names["fits"] = lambda rule, value: rule is ANY or fits(rule, value)
    if failed_at is not None:
        names["require"] = noting
    return names["main"]


def tree(folder):
    """One digest of all names and bytes of a folder."""
    made = hashlib.blake2b(digest_size=32)
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        for part in (str(path.relative_to(folder)).encode(), path.read_bytes()):
            made.update(b"%d:" % len(part) + part)
    return made.hexdigest()


def late(*_):
    raise TimeoutError("a reader that does not end")


signal.signal(signal.SIGALRM, late)
signal.pthread_sigmask(signal.SIG_SETMASK, ())  # whoever started this may have blocked it, and SIGTERM too


class Bench:
    """A place to open archives in."""

    def __init__(self):
        self.root = pathlib.Path(tempfile.mkdtemp(dir=PLACE))
        (self.root / "identity.json").write_text(json.dumps(MTS.identity()))
        (self.root / "card.json").write_text(json.dumps(REGISTRY.card()))
        os.sync = lambda: None  # it is the disk's part, and takes long

    def close(self):
        shutil.rmtree(self.root)

    def outcome(self, main, row, folder=FOLDER):
        """The class that a reader gives a vector, and a digest of what it opened; `left behind` if it left anything."""
        into = self.root / "opened"
        card = FOLDER / row["card"] if "card" in row else self.root / "card.json"
        words = [str(folder / row["file"]), str(card), "--identity", str(self.root / "identity.json"), "--into", str(into)]
        if "kind" in row:
            words += ["--kind", row["kind"]]
        if "position" in row:
            words += ["--after", ":".join(str(part) for part in (row["position"]["sequence"], row["position"]["digest"]) if part is not None)]
        said, status = self.run(main, words)
        found = "ok" if status == 0 else said.partition(":")[0] if status == 3 else f"status {status}"
        made = tree(into) if into.exists() else None
        shutil.rmtree(into, ignore_errors=True)
        if len(list(self.root.iterdir())) != 2 or (made is None) == (found == "ok"):
            shutil.rmtree(self.root)
            self.__init__()
            return "left behind", made
        return found, made

    def is_sound(self, main, card):
        """Whether a reader takes a card, whatever it then thinks of an archive."""
        words = [str(FOLDER / "ok-small.sealed"), str(FOLDER / card)]
        return self.run(main, words)[1] in (0, 3)

    @staticmethod
    def run(main, words):
        said = io.StringIO()
        signal.setitimer(signal.ITIMER_REAL, 5)
        try:
            with contextlib.redirect_stderr(said), contextlib.redirect_stdout(io.StringIO()):
                main(words)
            return said.getvalue(), 0
        except TimeoutError:
            return "late", 9
        except SystemExit as end:
            return said.getvalue(), end.code or 0
        except Exception as error:
            return f"crash: {error!r}", 9
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)


def rows():
    return json.loads((FOLDER / "vectors.json").read_text()), json.loads((FOLDER / "cards.json").read_text())
