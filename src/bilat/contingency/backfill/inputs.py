# SPDX-License-Identifier: Apache-2.0
"""The tables of the model: every number with its rows or the word that it is assumed."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from bilat.errors import DataError, UsageError


@dataclass(frozen=True)
class Quantity:
    """One number of the model: ``name`` as ``options.p8.price``; ``rows`` as (line or figure id, figure)."""

    name: str
    value: float
    low: float
    high: float
    unit: str
    rows: tuple[tuple[str, str], ...] = ()
    assumed: str = ""
    note: str = ""

    @property
    def varies(self) -> bool:
        """Whether the draws vary it."""
        return self.high > self.low


@dataclass(frozen=True)
class Option:
    """Something that can be ordered."""

    key: str
    label: str
    gives: Mapping[str, float]
    price: Quantity
    lead: Quantity
    per_year: Quantity
    total: Quantity | None
    line: str = ""
    not_before: int = 0


@dataclass(frozen=True)
class Capability:
    """Something that the United States would take away."""

    key: str
    label: str
    unit: str
    us_part: Quantity
    stationed: Quantity | None
    held: Quantity | None
    changes: tuple[tuple[int, Quantity], ...] = ()


@dataclass(frozen=True)
class Scenario:
    """A withdrawal: ``share`` of the US part, ``shares`` by capability, from ``start`` over ``ramp`` years."""

    key: str
    label: str
    probability: float
    share: float
    shares: Mapping[str, float] = field(default_factory=dict)
    start: int = 2027
    ramp: int = 1

    def gone(self, capability: str, year: int) -> float:
        """Share gone in a year, 0 to 1."""
        done = min(1.0, max(0.0, (year - self.start + 1) / self.ramp))
        return done * self.shares.get(capability, self.share)


@dataclass(frozen=True)
class Dependency:
    """Units of a capability that count for each unit of its provider."""

    capability: str
    provider: str
    per_unit: Quantity
    free: Quantity


@dataclass(frozen=True)
class Inputs:
    """Everything the model is made from."""

    settings: Mapping[str, Quantity]
    capabilities: tuple[Capability, ...]
    options: tuple[Option, ...]
    lines: Mapping[str, Quantity]
    dependencies: tuple[Dependency, ...]
    scenarios: tuple[Scenario, ...]
    concentration: float
    definitions: Mapping[str, tuple[str, Quantity]]
    published: Mapping[str, Quantity]  #: shown or checked against; the plan does not use them

    def quantities(self) -> Iterator[Quantity]:
        """Every number that has a row or is assumed."""
        yield from self.settings.values()
        for c in self.capabilities:
            yield from (q for q in (c.us_part, c.stationed, c.held, *(x for _, x in c.changes)) if q)
        for o in self.options:
            yield from (q for q in (o.price, o.lead, o.per_year, o.total) if q)
        yield from self.lines.values()
        for d in self.dependencies:
            yield from (d.per_unit, d.free)
        yield from (q for _, q in self.definitions.values())

    def assumed(self) -> list[Quantity]:
        """The numbers that no row holds, or only in part."""
        return [q for q in self.quantities() if q.assumed]


def quantity(name: str, raw: Any) -> Quantity:
    """A number of a table. Raises :class:`DataError` where it has neither a row nor the mark ``assumed``."""
    if not isinstance(raw, dict) or not isinstance(raw.get("value"), int | float):
        raise DataError(f"{name}: write {{ value = NUMBER, unit = '...', from = ['LINE: FIGURE'] }}")
    unknown = set(raw) - {"value", "low", "high", "unit", "from", "assumed", "note"}
    if unknown:
        raise DataError(f"{name}: {', '.join(sorted(unknown))} is not known; see settings.toml")
    value = float(raw["value"])
    low, high = float(raw.get("low", value)), float(raw.get("high", value))
    if not low <= value <= high:
        raise DataError(f"{name}: {value:g} is not between low {low:g} and high {high:g}")
    rows = tuple((a.strip(), b.strip()) for a, _, b in (str(t).partition(":") for t in raw.get("from", [])))
    if not rows and not raw.get("assumed"):
        raise DataError(f"{name}: has no row; give one in `from`, or say `assumed = 'why'`")
    return Quantity(
        name, value, low, high, raw.get("unit", ""), rows, raw.get("assumed", ""), raw.get("note", "")
    )


def _table(name: str) -> dict[str, Any]:
    text = resources.files("bilat.contingency.backfill").joinpath(f"{name}.toml").read_text("utf-8")
    return tomllib.loads(text)


@cache
def shipped() -> Inputs:
    """The tables that come with the package."""
    shown = _table("published")
    ordered = {f"ordered.{k}": v for k, v in shown.pop("ordered").items()}
    published = {k: quantity(f"published.{k}", v) for k, v in {**shown, **ordered}.items()}
    settings, options, definitions = _table("settings"), _table("options"), _table("definitions")
    dependency, lines = settings.pop("dependency"), options.pop("line")
    scenarios, concentration = scenarios_of(_table("scenarios"), "scenarios.toml")
    return Inputs(
        {k: quantity(f"settings.{k}", v) for k, v in settings.items()},
        tuple(_capability(k, v) for k, v in _table("capabilities").items()),
        tuple(_option(k, v) for k, v in options.items()),
        {k: quantity(f"line.{k}.per_year", v["per_year"]) for k, v in lines.items()},
        tuple(
            Dependency(
                k, v["provider"], quantity(f"dependency.{k}.per_unit", v["per_unit"]),
                quantity(f"dependency.{k}.free", v["free"]),
            )
            for k, v in dependency.items()
        ),
        scenarios,
        concentration,
        {k: (v["label"], quantity(f"definition.{k}", v["tankers"])) for k, v in definitions.items()},
        published,
    )  # fmt: skip


def _capability(key: str, raw: dict[str, Any]) -> Capability:
    def some(name: str) -> Quantity | None:
        return quantity(f"{key}.{name}", raw[name]) if name in raw else None

    changes = tuple(
        (
            int(c["year"]),
            quantity(
                f"{key}.change.{c['year']}",
                {
                    "value": c["units"],
                    "unit": raw["unit"],
                    **{k: v for k, v in c.items() if k not in ("year", "units")},
                },
            ),
        )
        for c in raw.get("changes", [])
    )
    us_part = quantity(f"{key}.us_part", raw["us_part"])
    return Capability(key, raw["label"], raw["unit"], us_part, some("stationed"), some("held"), changes)


def _option(key: str, raw: dict[str, Any]) -> Option:
    return Option(
        key,
        raw["label"],
        raw["gives"],
        quantity(f"{key}.price", raw["price"]),
        quantity(f"{key}.lead", raw["lead"]),
        quantity(f"{key}.per_year", raw["per_year"]),
        quantity(f"{key}.total", raw["total"]) if "total" in raw else None,
        raw.get("line", ""),
        int(raw.get("not_before", 0)),
    )


def scenarios_of(raw: dict[str, Any], place: str) -> tuple[tuple[Scenario, ...], float]:
    """Scenarios of a table, probabilities normalised; and how far draws stray from them."""
    raw = dict(raw)
    concentration = raw.pop("concentration", 12)
    if isinstance(concentration, bool) or not isinstance(concentration, int | float) or concentration <= 0:
        raise DataError(f"{place}: concentration {concentration!r} must be a number above zero")
    scenarios = []
    for key, r in raw.items():
        if not isinstance(r, dict):
            raise DataError(f"{place}: {key} is not a scenario; write [{key}] with probability and share")
        unknown = set(r) - {"label", "probability", "share", "shares", "start", "ramp"}
        if unknown:
            raise DataError(
                f"{place}: [{key}] {', '.join(sorted(unknown))} is not known; use share, shares, start, ramp"
            )
        shares = {"share": r.get("share", 0.0), **r.get("shares", {})}
        for name, share in shares.items():
            if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share <= 1:
                raise DataError(
                    f"{place}: [{key}] {name} {share!r} is not a share from 0 to 1; write 0.5 for half"
                )
        if not isinstance(r.get("probability"), int | float) or r["probability"] < 0:
            raise DataError(f"{place}: [{key}] needs a probability of 0 or more")
        if not isinstance(r.get("ramp", 1), int) or r.get("ramp", 1) < 1:
            raise DataError(f"{place}: [{key}] ramp {r['ramp']!r} must be whole years, 1 or more")
        scenarios.append(
            Scenario(
                key,
                r.get("label", key),
                float(r["probability"]),
                float(r.get("share", 0.0)),
                {k: float(v) for k, v in r.get("shares", {}).items()},
                int(r.get("start", 2027)),
                r.get("ramp", 1),
            )
        )
    total = sum(s.probability for s in scenarios)
    if total <= 0:
        raise DataError(f"{place}: no scenario has a probability above zero")
    return tuple(replace(s, probability=s.probability / total) for s in scenarios), float(concentration)


def withdrawals(inputs: Inputs, text: str | None) -> Inputs:
    """The inputs under ``--withdraw``: a share from 0 to 1 of everything, at once; or a TOML file of scenarios."""
    if text is None:
        return inputs
    if text.endswith(".toml"):
        path = Path(text)
        try:
            raw = tomllib.loads(path.read_text("utf-8"))
        except FileNotFoundError:
            raise UsageError(f"--withdraw {text}: no such file; copy the form of docs/backfill.md") from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as e:
            raise DataError(f"{text}: is not readable as TOML: {e}") from None
        scenarios, concentration = scenarios_of(raw, text)
        known = {c.key for c in inputs.capabilities}
        for s in scenarios:
            if wrong := set(s.shares) - known:
                raise DataError(
                    f"{text}: [{s.key}] {sorted(wrong)[0]!r} is not a capability; use {', '.join(sorted(known))}"
                )
        return replace(inputs, scenarios=scenarios, concentration=concentration)
    try:
        share = float(text)
    except ValueError:
        raise UsageError(
            f"--withdraw {text!r}: write a share from 0 to 1, or a file ending in .toml"
        ) from None
    if not 0 <= share <= 1:
        percent = f"; {share:g}% is {share / 100:g}" if 1 < share <= 100 else ""
        raise UsageError(f"--withdraw {text}: a share lies between 0 and 1{percent}")
    first = int(inputs.settings["first_year"].value)
    return replace(
        inputs, scenarios=(Scenario("given", f"{share:.0%} of all, at once", 1.0, share, {}, first, 1),)
    )
