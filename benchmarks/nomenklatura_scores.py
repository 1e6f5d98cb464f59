# SPDX-License-Identifier: Apache-2.0
"""Scores of nomenklatura for pairs of names; run by the Python of an environment that has it.

Reads JSON lines from standard input, ``[schema, name, [[schema, [name, ...]], ...]]``: one query and its candidates;
writes a line of scores for each, and at the end an object with the version and the seconds of scoring.
"""

import json
import sys
import time
from importlib.metadata import version

from followthemoney import EntityProxy  # type: ignore[import-not-found]
from nomenklatura.matching import get_algorithm  # type: ignore[import-not-found]


def main() -> None:
    algorithm = get_algorithm(sys.argv[1] if len(sys.argv) > 1 else "logic-v2")
    config = algorithm.default_config()
    made: dict = {}
    seconds = 0.0

    def proxy(key: str, schema: str, names: list) -> object:
        kind = schema if schema != "Unknown" else "LegalEntity"  # which may be a person too
        return EntityProxy.from_dict({"id": key, "schema": kind, "properties": {"name": names}})

    for n, line in enumerate(sys.stdin):
        schema, name, candidates = json.loads(line)
        query = proxy(
            f"query-{n}", schema, [name]
        )  # it remembers names by id: every query needs one of its own
        started = time.perf_counter()
        scores = []
        for of, names in candidates:
            key = json.dumps([of, names])
            if key not in made:
                made[key] = proxy(f"listed-{len(made)}", of, names)
            scores.append(algorithm.compare(query, made[key], config).score)
        seconds += time.perf_counter() - started
        print(json.dumps(scores))
    print(json.dumps({"version": version("nomenklatura"), "seconds": seconds}))


if __name__ == "__main__":
    main()
