"""Import and export of a label project of iMiGUE's size: 359 videos, 18,499 labels."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from db.engine import open_database
from db.people import add_annotator
from imigue_core.bench.figures import Figure
from imigue_core.settings import load_settings
from imigue_core.studio.exchange.exchanging import export_labels, run_import
from tests.harness.label_table import make_label_table

N_RUNS = 5


def measure() -> Iterator[Figure]:
    """Median of five runs, each into an empty project."""
    table = make_label_table()
    imports, exports, jsons = [], [], []
    for _ in range(N_RUNS):
        with tempfile.TemporaryDirectory() as folder:
            db = open_database(load_settings(Path(folder) / "data"))
            with db.write() as conn:
                person = add_annotator(conn, "Bench")
            start = time.perf_counter()
            run_import(db, table, "imigue", person.annotator_id)
            imports.append(time.perf_counter() - start)
            start = time.perf_counter()
            exported = export_labels(db, "imigue", annotator_id=person.annotator_id)
            exports.append(time.perf_counter() - start)
            start = time.perf_counter()
            export_labels(db, "json")
            jsons.append(time.perf_counter() - start)
            db.close()
            assert exported.data == table
    middle = N_RUNS // 2
    yield Figure("exchange", "import of 18,499 labels", sorted(imports)[middle], "s", 0.8)
    yield Figure("exchange", "export as iMiGUE's CSV", sorted(exports)[middle], "s", 0.5)
    yield Figure("exchange", "export as JSON", sorted(jsons)[middle], "s")
