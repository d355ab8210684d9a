"""Exchange: labels in from files, after a preview, and labels out to files."""

from __future__ import annotations

import json

import streamlit as st

from db.engine import Database
from db.people import Annotator, list_annotators
from imigue_core.formats.registry import Format, find_formats
from imigue_core.studio.exchange.exchanging import ExportFile, ImportPreview, export_labels, preview_import, run_import
from imigue_core.studio.people.project_settings import load_project_settings
from pages.ui.errors import show_error, show_note, shown_errors
from pages.ui.formatting import escape_html, format_count
from pages.ui.identity import get_current_annotator
from pages.ui.state import get_project
from pages.ui.tables import make_findings_table, make_label_table, show_table

MAX_UPLOAD_MB = 64
EVERYBODY = 0


def main() -> None:
    """Import on the left, export on the right."""
    db = get_project()
    person = get_current_annotator(db)
    if load_project_settings(db).blind:
        show_note(
            "Blind mode is on. Files hold everybody's labels, for those who evaluate: who still labels, do not look."
        )
    for name in find_formats().broken:
        problem = find_formats().explain(name)
        show_error(problem.code, problem.message, hint=problem.hint)
    left, right = st.columns([3, 2], gap="large")
    with left:
        _show_import(db, person)
    with right:
        _show_export(db, person)


def _show_import(db: Database, person: Annotator) -> None:
    st.subheader("Import labels", anchor=False)
    formats = find_formats().list_loadable()
    fmt = _choose_format("Format of the file", formats, "import_format")
    suffixes = {suffix.removeprefix(".") for each in formats for suffix in each.suffixes}
    turn = st.session_state.setdefault("import_turn", 0)
    file = st.file_uploader(
        "Label file", type=sorted(suffixes), max_upload_size=MAX_UPLOAD_MB, key=f"import_file_{turn}"
    )
    if file is None:
        if (message := st.session_state.get("import_message")) is not None:
            show_note(message)
        promise = "Nothing is written before you have seen a preview."
        st.html(f'<p class="studio-muted">{_describe_owner(fmt, person)} {promise}</p>')
        return
    st.session_state.pop("import_message", None)
    with shown_errors():
        preview = preview_import(db, file.getvalue(), fmt.name, person.annotator_id, name=file.name)
        _show_preview(preview)
        is_wanted = st.button(
            _describe_import(preview), type="primary", disabled=preview.is_duplicate, key="import_run"
        )
        _show_rows(preview)
        if is_wanted:
            report = run_import(db, file.getvalue(), fmt.name, person.annotator_id, name=file.name)
            st.session_state["import_message"] = report.message
            st.session_state["import_turn"] = turn + 1
            st.rerun()


def _choose_format(label: str, formats: list[Format], key: str) -> Format:
    words = {fmt.name: fmt.words for fmt in formats}
    return find_formats().get(st.selectbox(label, list(words), format_func=words.__getitem__, key=key))


def _describe_owner(fmt: Format, person: Annotator) -> str:
    name = f"<b>{escape_html(person.name)}</b>"
    if fmt.needs_one_annotator:
        return f"This table names no annotator: its labels become {name}'s."
    return f"The file says whose each label is; rows that name nobody become {name}'s."


def _describe_import(preview: ImportPreview) -> str:
    parts = [format_count(preview.n_new, "label")]
    if preview.n_new_ratings:
        parts.append(format_count(preview.n_new_ratings, "rating"))
    return f"Import {' and '.join(parts)}"


def _show_preview(preview: ImportPreview) -> None:
    if preview.is_duplicate:
        show_error(
            "IMPORT_DUPLICATE", f"all {preview.n_known:,} rows are in the project already; nothing would change."
        )
    facts = {
        "rows in the file": f"{preview.n_rows:,}",
        "new labels": f"{preview.n_new:,}",
        "new ratings": f"{preview.n_new_ratings:,}",
        "here already": f"{preview.n_known:,}",
        "videos": f"{preview.n_videos:,}, of which {len(preview.new_videos):,} new without media"
        + (f" and {preview.n_returning:,} removed and shown again" if preview.n_returning else ""),
        "annotators": ", ".join(
            f"{name} (new)" if name in preview.new_annotators else name for name in preview.annotators
        ),
        "warnings": f"{preview.n_warnings:,}",
    }
    rows = "".join(f"<dt>{escape_html(name)}</dt><dd>{escape_html(value)}</dd>" for name, value in facts.items())
    st.html(f'<dl class="studio-facts" id="import-preview">{rows}</dl>')


def _show_rows(preview: ImportPreview) -> None:
    if preview.warnings:
        st.caption(
            f"Warnings, the first {len(preview.warnings)} of {preview.n_warnings:,}. They do not stop the import."
        )
        show_table(make_findings_table(preview.warnings), key="import_warnings", height=180)
    if preview.first_rows:
        st.caption(f"The first {len(preview.first_rows)} labels, as the studio reads them")
        show_table(make_label_table(preview.first_rows), key="import_rows")


def _show_export(db: Database, person: Annotator) -> None:
    st.subheader("Export labels", anchor=False)
    with db.read() as conn:
        names = {EVERYBODY: "everybody"} | {p.annotator_id: p.name for p in list_annotators(conn)}
    fmt = _choose_format("Format", find_formats().list_savable(), "export_format").name
    owner = st.selectbox(
        "Whose labels",
        list(names),
        format_func=names.__getitem__,
        index=list(names).index(person.annotator_id),
        key="export_owner",
    )
    if st.button("Prepare the file", type="primary", key="export_run"):
        st.session_state.pop("export", None)
        with shown_errors():
            st.session_state["export"] = (fmt, owner, export_labels(db, fmt, owner or None, actor=person.annotator_id))
    made = st.session_state.get("export")
    if made is not None and made[:2] == (fmt, owner):
        _show_downloads(made[2])
    else:
        st.html(
            '<p class="studio-muted">Frames are 0-based and both ends belong to a span. What a table cannot say of '
            "itself (frame rates, base, end rule) stands in the .meta.json beside it; keep the two together.</p>"
        )


def _show_downloads(export: ExportFile) -> None:
    show_note(f"{format_count(export.n_labels, 'label')} in {export.name}.")
    st.download_button(
        f"Download {export.name}", export.data, export.name, export.media_type, on_click="ignore", key="download_file"
    )
    if export.meta is not None:
        text = json.dumps(export.meta, indent=2, ensure_ascii=False) + "\n"
        name = f"{export.name}.meta.json"
        st.download_button(f"Download {name}", text, name, "application/json", on_click="ignore", key="download_meta")


if __name__ == "__main__":
    main()
