"""Read mutated exports: no traceback, no hang, no lost cell, nothing wrong in silence.  make fuzz

    python benchmarks/fuzz.py [COUNT] [SEED]          bytes, inner XML and lines changed at random
    python benchmarks/fuzz.py harm [COUNT] [SEED]     right exports harmed in everyday ways

COUNT files (20 000 unless said). The first prints how many were read, refused with a message, and
what went wrong. The second (``tests.harm``) compares what is read with the truth and prints the
shares that were read right, wrong but pointed at on their row, refused, and wrong in silence, and
how many rows of right exports are pointed at without cause. Exits 1 if anything went wrong, if
anything was wrong in silence, or if a floor is not held. The same COUNT and SEED give the same files.
"""

import contextlib
import io
import signal
import sys
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parents[1]))

from riskdata.exports.export import read_export_file  # noqa: E402
from riskdata.words.vocabulary import read_vocabulary  # noqa: E402
from tests import formats, harm
from tests import printed as exports  # noqa: E402

OUTCOMES = ("right", "pointed", "refused", "silent")
COUNT, SEED, HANG = 20_000, 1, 90  # seconds: the reading process is stopped after 60
ROWS = 12
WRITERS = {
    "csv": formats.csv_file, "text": formats.text_file, "xlsx": formats.xlsx, "ods": formats.ods,
    "html": formats.html, "mhtml": formats.mhtml,
    "docx": formats.docx, "pdf": formats.pdf,
}  # fmt: skip
OLD = Path(__file__).parents[1] / "tests" / "files" / "follow_up.xls"
ZIPPED = ("xlsx", "ods", "docx")
LINED = ("csv", "text", "html")
SIGNS = ["\t", ";", "\n", "\r\n", " ", "\u00a0", "\u200b", "✓ ", "▶", '"', "<", "&", "%0A", "25"]


def main(count: int, seed: int) -> int:
    """Read so many mutated files; return how many went wrong."""
    rng, vocab = Random(seed), read_vocabulary(Path("no-such-folder"))
    seeds = make_seeds()
    outcomes, cells, slowest, begun = Counter(), Counter(), 0.0, time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "2025-VB Socialnämnden.dat"
        for n in range(count):
            kind = rng.choice(list(seeds))
            path.write_bytes(mutate(rng.choice(seeds[kind]), kind, rng))
            start = time.monotonic()
            outcome = read_one(path, vocab, cells)
            slowest = max(slowest, time.monotonic() - start)
            outcomes[outcome] += 1
            if outcome not in ("read", "refused"):
                kept = Path(tempfile.gettempdir()) / f"fuzz-{seed}-{n}-{outcome}.{kind}"
                kept.write_bytes(path.read_bytes())
                print(f"{outcome}: {kept}", flush=True)
    print(
        f"{count} files in {time.monotonic() - begun:.0f} s, the slowest {slowest:.1f} s: "
        f"{outcomes['read']} read, {outcomes['refused']} refused with a message; "
        f"{outcomes['traceback']} tracebacks, {outcomes['hang']} hangs, {outcomes['lost']} with lost "
        f"cells; {cells['printed']} cells: {cells['placed']} in tables, {cells['noted']} in account, "
        f"{cells['unread']} unread"
    )
    return sum(outcomes.values()) - outcomes["read"] - outcomes["refused"]


def harm_all(count: int, seed: int) -> int:
    """Read so many harmed exports, and right ones beside; return whether a floor is not held."""
    rng, vocab, begun = Random(seed), read_vocabulary(Path("no-such-folder")), time.monotonic()
    outcomes, rows, noise = Counter(), 0, 0
    while outcomes.total() < count:
        layout, name = rng.choice(list(harm.LAYOUTS)), rng.choice(list(harm.HARMS))
        sheet = harm.make(layout, Random(f"{seed} {rng.randrange(1_000)}"))
        harmed = harm.harmed(sheet, name, rng.choice(sheet.data()), rng)
        if harmed is None:
            continue
        verdict = harm.judge(harmed, vocab)
        outcomes[verdict.outcome] += 1
        if verdict.outcome == "silent":
            print(f"silent: {layout}, {name}: {'; '.join(verdict.faults[:2])}", flush=True)
        if outcomes.total() % 20 == 0:
            rows, noise = rows + len(sheet.truth), noise + harm.judge(sheet, vocab).noise
    shares = {name: f"{outcomes[name] / count:.2%}" for name in OUTCOMES}
    print(
        f"{count} harmed files in {time.monotonic() - begun:.0f} s, {len(harm.HARMS)} kinds of harm on "
        f"{len(harm.LAYOUTS)} layouts: {shares}; of {rows} rows of right exports {noise} were pointed at"
    )
    pointed_or_right = outcomes["right"] + outcomes["pointed"]
    return outcomes["silent"] or pointed_or_right < 0.9 * count or noise > 0.01 * rows


def read_one(path: Path, vocab, cells: Counter) -> str:
    """Return what came of reading a file."""
    signal.signal(signal.SIGALRM, _give_up)
    signal.alarm(HANG)
    try:
        exports = read_export_file(path, path.name, vocab)
    except TimeoutError:
        return "hang"
    except Exception:
        traceback.print_exc(limit=-4)
        return "traceback"
    finally:
        signal.alarm(0)
    if any("problem" in export.source for export in exports):
        return "refused"
    printed, *found, _ = exports[0].cells[0]
    cells.update(
        {"printed": printed, **dict(zip(("placed", "noted", "unread"), found, strict=True))}
    )
    return "read" if sum(found) == printed else "lost"


def make_seeds() -> dict[str, list[bytes]]:
    """Return exports of both layouts in each format, with groups, marks and people."""
    risks = [
        {
            "goal_code": f"1.{n // 6 + 1}", "goal": f"Mål {n // 6 + 1} för alla",
            "process": f"Process {n // 3}", "way_of_working": f"Sätt {n} enligt rutin.",
            "event": f"Händelse {n} uteblir.", "likelihood": n % 5 + 1, "consequence": n % 4 + 1,
            "risk_value": (n % 5 + 1) * (n % 4 + 1), "decision": "control_plan",
            "status": "finished", "activity": f"Åtgärd {n} görs", "description": f"Beskrivet {n}.",
            "responsible": ["Maja Lind", "Omar Berg"][: n % 3],
        }
        for n in range(ROWS)
    ]  # fmt: skip
    done = [
        {
            "indicator": f"Indikator {n}" if n < 4 else None,
            "process": None if n < 4 else f"Process {n // 3}", "event": f"Risk {n // 2}",
            "activity": f"Aktivitet {n}.", "status": "ongoing", "comment": f"Pågår {n}.",
        }
        for n in range(ROWS)
    ]  # fmt: skip
    grids = [exports.register(risks, lead=(), page=5), exports.follow_up(done, lead=())]
    merges = [(1, 0, 3, 0)]
    made = {
        kind: [write(g) if kind in ("csv", "text") else write(g, (), merges) for g in grids]
        for kind, write in WRITERS.items()
    }
    return made | {"xls": [OLD.read_bytes()]}


def mutate(content: bytes, kind: str, rng: Random) -> bytes:
    """Return a file with something in it changed."""
    if kind in ZIPPED and rng.random() < 0.8:
        return _mutate_part(content, rng)
    if kind in LINED and rng.random() < 0.7:
        return _mutate_text(content.decode("utf-8"), rng).encode("utf-8", "replace")
    return _mutate_bytes(content, rng)


def _mutate_part(content: bytes, rng: Random) -> bytes:
    """Change the largest XML part of a zip file, or another, and pack it anew."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    largest = max((n for n in parts if n.endswith(".xml")), key=lambda n: len(parts[n]))
    name = largest if rng.random() < 0.8 else rng.choice(list(parts))
    with contextlib.suppress(UnicodeDecodeError):
        parts[name] = _mutate_text(parts[name].decode("utf-8"), rng).encode("utf-8", "replace")
    return formats.zip_file(parts)


def _mutate_text(text: str, rng: Random) -> str:
    """Move, repeat, drop or overwrite pieces of a text, or put a sign of the trade in it."""
    for _ in range(rng.choice((1, 1, 2, 5))):
        a, b = sorted(rng.randrange(len(text) + 1) for _ in range(2))
        b = min(b, a + rng.choice((1, 5, 40, 400)))
        piece = rng.choice(
            ("", text[a:b] * 2, rng.choice(SIGNS), text[a:b][::-1], _elsewhere(text, rng))
        )
        text = text[:a] + piece + text[b if rng.random() < 0.7 else a :]
    return text


def _elsewhere(text: str, rng: Random) -> str:
    start = rng.randrange(len(text) + 1)
    return text[start : start + rng.choice((1, 10, 100))]


def _mutate_bytes(content: bytes, rng: Random) -> bytes:
    """Overwrite, drop or repeat bytes, or cut the file."""
    if rng.random() < 0.1:
        return content[: rng.randrange(len(content))]
    changed = bytearray(content)
    for _ in range(rng.choice((1, 3, 10, 100))):
        at = rng.randrange(len(changed) or 1)
        way = rng.random()
        if way < 0.6:
            changed[at : at + 1] = bytes([rng.randrange(256)])
        elif way < 0.8:
            del changed[at : at + rng.choice((1, 4, 64))]
        else:
            changed[at:at] = changed[at : at + rng.choice((1, 16, 256))]
    return bytes(changed)


def _give_up(*_) -> None:
    raise TimeoutError


if __name__ == "__main__":
    run = harm_all if "harm" in sys.argv else main
    given = [int(word) for word in sys.argv[1:] if word.isdigit()]
    sys.exit(1 if run(*given, *(COUNT, SEED)[len(given) :]) else 0)
