# SPDX-License-Identifier: Apache-2.0
"""Write a model's answer to a file by its ending; a file that cannot be written changes nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bilat.errors import DataError, UsageError
from bilat.files.write import written

if TYPE_CHECKING:
    import pyarrow as pa


def write_model(path: Path, to_json: Callable[[], Any], to_arrow: Callable[[], pa.Table] | None) -> None:
    """Write ``.json`` or, where there is a table, ``.parquet``.

    Raises
    ------
    UsageError
        for another ending.
    DataError
        if the folder does not exist or cannot be written.
    """

    def make(place: Path) -> None:
        if path.suffix == ".parquet" and to_arrow is not None:
            import pyarrow.parquet as pq

            pq.write_table(to_arrow(), place)
        else:
            text = json.dumps(to_json(), ensure_ascii=False, indent=1, allow_nan=False)
            place.write_text(text + "\n", "utf-8")

    _whole(path, (".json", ".parquet") if to_arrow else (".json",), make)


def write_page(path: Path, page: Callable[[], str]) -> None:
    """Write a page as ``.html``; errors as for ``write_model``."""

    def make(place: Path) -> None:
        place.write_text(page(), "utf-8")

    _whole(path, (".html",), make)


def _whole(path: Path, endings: tuple[str, ...], make: Callable[[Path], None]) -> None:
    if path.suffix not in endings:
        raise UsageError(
            f"{path}: ends in {path.suffix or 'nothing'}; write a file that ends in {' or '.join(endings)}"
        )
    if not path.parent.is_dir():
        raise DataError(f"{path}: the folder {path.parent} does not exist; make it first")
    with written(path, cure="free space, or name another file") as place:
        make(place)
