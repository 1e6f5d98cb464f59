# SPDX-License-Identifier: Apache-2.0
"""The delimited formats, each told from its header: Comtrade v1 and legacy, COMEXT bulk in both
editions, Easy Comext, Comext by SDMX, the US Census, HMRC, BACI, IMF IMTS, China's customs, and
bilat's own ``flows``.
"""

from __future__ import annotations

import re
from pathlib import Path

from bilat.errors import DataError
from bilat.formats.trade import wide
from bilat.formats.trade.answers import CENSUS_HEADER, HMRC_HEADER
from bilat.formats.trade.shape import TradeFormat, clean, weight
from bilat.formats.trade.text_file import Text
from bilat.places import country_or_none, place_codes


def _number(code: str) -> str | None:
    return place_codes.by_number().get(int(code)) if code.strip().isdigit() else None


def _number_or_iso(label: str) -> str | None:
    """``842`` or ``USA``, as a file of Comtrade v1 with or without its code columns has them."""
    return (
        _number(label)
        or {"W00": place_codes.WORLD, "S19": "TWN"}.get(label)
        or (country_or_none(label) if len(label) == 3 else None)
        or (place_codes.NES if place_codes.is_area(label) else None)
    )


def _iso(label: str) -> str | None:
    """``DEU``, or an area that is not a state."""
    found = country_or_none(label) if len(label) >= 3 else None
    return found or (place_codes.NES if place_codes.is_area(label) else None)


def _named(column: str) -> str:
    return f'"{column}"'


def _period(column: str) -> str:
    """SQL: 202203 -> 2022-03; 202252 (Eurostat's and Comtrade's whole year) and 2022 -> 2022."""
    c = f"trim({column})"
    return (
        f"CASE WHEN regexp_full_match({c}, '[0-9]{{4}}(0[1-9]|1[0-2])') "
        f"THEN substr({c}, 1, 4) || '-' || substr({c}, 5, 2) "
        f"WHEN regexp_full_match({c}, '[0-9]{{4}}52') THEN substr({c}, 1, 4) ELSE {c} END"
    )


def _harmonized(column: str) -> tuple[str, str, str]:
    """A file of SITC or BEC has codes of as many digits that name other goods."""
    return (
        column,
        f"NOT regexp_full_match(coalesce(upper(trim(\"{column}\")), ''), '|HS?[0-9]*')",
        "is not an edition of the Harmonized System (HS, H0 to H6): download the commodities by HS",
    )


def _has(text: Text, *columns: str) -> bool:
    return set(columns) <= set(text.header)


def _comtrade_v1(text: Text) -> TradeFormat | None:
    if not _has(text, "cmdCode", "flowCode", "primaryValue"):
        return None
    return comtrade_v1(text.header, text.path)


def comtrade_v1(header: tuple[str, ...], path: Path) -> TradeFormat:
    """Comtrade API v1 rows, whether from CSV or JSON."""
    who = {
        side: next((c for c in (f"{side}Code", f"{side}ISO") if c in header), "")
        for side in ("reporter", "partner")
    }
    when = next((c for c in ("period", "refYear") if c in header), "")
    if not all(who.values()) or not when:
        raise DataError(
            f"{path}: a Comtrade v1 file without reporterCode, partnerCode or period. Download it "
            "with all columns"
        )
    total = {
        "partner2Code": "coalesce(trim(\"partner2Code\"), '') IN ('', '0')",
        "motCode": "coalesce(trim(\"motCode\"), '') IN ('', '0')",
        "customsCode": "coalesce(trim(\"customsCode\"), '') IN ('', 'C00')",
        "mosCode": "coalesce(trim(\"mosCode\"), '') IN ('', '0')",
    }
    goods = "coalesce(\"typeCode\", 'C') <> 'C'" if "typeCode" in header else "FALSE"
    return TradeFormat(
        name="Comtrade v1 CSV",
        columns={
            "reporter": f'trim("{who["reporter"]}")',
            "partner": f'trim("{who["partner"]}")',
            "product": 'trim("cmdCode")',
            "period": _period(f'"{when}"'),
            "flow": 'trim("flowCode")',
            "value": "nullif(trim(\"primaryValue\"), '')",
            "quantity": weight('"netWgt"') if "netWgt" in header else "NULL",
        },
        place=_number_or_iso,
        parts=tuple(test for column, test in total.items() if column in header) or ("TRUE",),
        mode="rtrim(trim(\"motCode\"), '0')" if "motCode" in header else "",
        checks=(_harmonized("classificationCode"),) if "classificationCode" in header else (),
        skip="trim(\"flowCode\") IN ('RX', 'RM', 'DX', 'FM', 'MIP', 'XIP', 'MOP', 'XOP', 'FX', "
        f"'DM') OR {goods}",
    )


def _alpha2(code: str) -> str | None:
    return place_codes.by_alpha2().get(code)


def _comtrade_legacy(text: Text) -> TradeFormat | None:
    if not _has(text, "Trade Flow Code", "Commodity Code", "Trade Value (US$)", "Reporter Code"):
        return None
    flow = 'trim("Trade Flow Code")'
    blank = "coalesce(trim(\"{}\"), '') IN ({})"
    return TradeFormat(
        name="Comtrade legacy CSV",
        columns={
            "reporter": 'trim("Reporter Code")',
            "partner": 'trim("Partner Code")',
            "product": 'trim("Commodity Code")',
            "period": _period('"Period"'),
            "flow": f"CASE {flow} WHEN '1' THEN 'M' WHEN '2' THEN 'X' ELSE {flow} END",
            "value": "nullif(trim(\"Trade Value (US$)\"), '')",
            "quantity": weight('"Netweight (kg)"'),
        },
        place=_number,
        parts=(
            blank.format("2nd Partner Code", "'', '0'"),
            blank.format("Mode of Transport Code", "'', '0'"),
            blank.format("Customs Proc. Code", "'', 'C00'"),
        ),
        checks=(_harmonized("Classification"),) if _has(text, "Classification") else (),
        skip=f"{flow} IN ('3', '4')",
    )


def _comext(text: Text) -> TradeFormat | None:
    new = _has(
        text, "REPORTER", "PARTNER", "PRODUCT_NC", "FLOW", "PERIOD", "VALUE_EUR", "QUANTITY_KG"
    )
    old = _has(
        text, "DECLARANT_ISO", "PARTNER_ISO", "PRODUCT_NC", "FLOW", "PERIOD", "VALUE_IN_EUROS"
    )
    if not (new or old):
        return None
    who, partner = ("REPORTER", "PARTNER") if new else ("DECLARANT_ISO", "PARTNER_ISO")
    value, kilos = ("VALUE_EUR", "QUANTITY_KG") if new else ("VALUE_IN_EUROS", "QUANTITY_IN_KG")
    return TradeFormat(
        name="COMEXT bulk v2" if new else "COMEXT bulk, older edition",
        columns={
            "reporter": f'trim("{who}")',
            "partner": f'trim("{partner}")',
            "product": 'trim("PRODUCT_NC")',
            "period": _period('"PERIOD"'),
            "flow": "CASE trim(\"FLOW\") WHEN '1' THEN 'M' WHEN '2' THEN 'X' ELSE \"FLOW\" END",
            "value": clean(_named(value)),
            "quantity": f"nullif({clean(_named(kilos))}, '0')",
        },
        place=_alpha2,
        currency="EUR",
        codes="CN",
        suppressed='regexp_matches("PRODUCT_NC", \'[A-WYZ]|X\')  AND trim("PRODUCT_NC") <> '
        "'TOTAL'",
        sums=True,
        notes=("statistical procedures are summed (the bulk files hold no total)",),
    )


def _easy_comext(text: Text) -> TradeFormat | None:
    value = next((c for c in ("VALUE_IN_EUR", "VALUE_IN_EUROS") if c in text.header), None)
    if value is None or not _has(text, "REPORTER", "PARTNER", "PRODUCT", "FLOW", "PERIOD"):
        return None
    before = "trim(split_part(\"{}\", '-', 1))"
    hundreds = "QUANTITY_IN_100KG" in text.header
    return TradeFormat(
        name="Easy Comext CSV",
        columns={
            "reporter": 'trim("REPORTER")',
            "partner": 'trim("PARTNER")',
            "product": before.format("PRODUCT"),
            "period": _period("regexp_replace(" + before.format("PERIOD") + ", '^Y', '')"),
            "flow": "CASE WHEN upper(\"FLOW\") LIKE '%EXPORT%' THEN 'X' "
            "WHEN upper(\"FLOW\") LIKE '%IMPORT%' THEN 'M' ELSE \"FLOW\" END",
            "value": f"nullif({clean(_named(value))}, ':')",
            "quantity": "CAST(100 * TRY_CAST("
            + clean('"QUANTITY_IN_100KG"')
            + " AS DOUBLE) AS VARCHAR)"
            if hundreds
            else "NULL",
        },
        place=lambda label: place_codes.by_alpha2().get(label) or place_codes.by_name(label),
        currency="EUR",
        codes="CN",
        parts=("upper(\"STAT_PROCEDURE\") LIKE 'T%' OR upper(\"STAT_PROCEDURE\") LIKE '%TOTAL%'",)
        if "STAT_PROCEDURE" in text.header
        else ("TRUE",),
        skip=f"coalesce(trim(\"{value}\"), '') IN ('', ':')",
    )


def _comext_sdmx(text: Text) -> TradeFormat | None:
    """Eurostat's SDMX interface; the weight of a flow has a row of its own, and is left out."""
    if not _has(text, "reporter", "partner", "product", "flow", "indicators", "OBS_VALUE"):
        return None
    return TradeFormat(
        name="Comext SDMX-CSV",
        columns={
            "reporter": 'trim("reporter")',
            "partner": 'trim("partner")',
            "product": 'trim("product")',
            "period": 'trim("TIME_PERIOD")',
            "flow": "CASE trim(\"flow\") WHEN '1' THEN 'M' WHEN '2' THEN 'X' ELSE \"flow\" END",
            "value": "nullif(trim(\"OBS_VALUE\"), '')",
            "quantity": "NULL",
        },
        place=_alpha2,
        currency="EUR",
        codes="CN",
        skip="trim(\"indicators\") <> 'VALUE_IN_EUROS' OR coalesce(trim(\"OBS_VALUE\"), '') = ''",
    )


def _census(text: Text) -> TradeFormat | None:
    """Answers of the US Census that were put together: exports, free alongside ship."""
    if not _has(text, *CENSUS_HEADER):
        return None
    return TradeFormat(
        name="US Census CSV",
        columns={
            "reporter": "'USA'",
            "partner": 'trim("CTY_CODE")',
            "product": 'trim("E_COMMODITY")',
            "period": 'trim("time")',
            "flow": "'X'",
            "value": "nullif(trim(\"ALL_VAL_MO\"), '')",
            "quantity": "NULL",
        },
        place=lambda code: code if code == "USA" else place_codes.by_census_number().get(code),
    )


def _hmrc(text: Text) -> TradeFormat | None:
    """Answers of HMRC that were put together: ports are summed, in pounds."""
    if not _has(text, *HMRC_HEADER):
        return None
    return TradeFormat(
        name="HMRC OTS CSV",
        columns={
            "reporter": "'GB'",
            "partner": 'trim("Country")',
            "product": 'trim("Hs6Code")',
            "period": _period('"MonthId"'),
            "flow": "CASE WHEN trim(\"FlowTypeId\") IN ('2', '4') THEN 'X' ELSE 'M' END",
            "value": "nullif(trim(\"Value\"), '')",
            "quantity": weight('"NetMass"'),
        },
        place=_alpha2,
        currency="GBP",
        skip="coalesce(trim(\"SuppressionIndex\"), '0') NOT IN ('', '0')",
        sums=True,
        notes=("ports are summed; suppressed rows are left out",),
    )


def _baci(text: Text) -> TradeFormat | None:
    if not _has(text, "t", "i", "j", "k", "v"):
        return None
    code = "lpad(trim(\"k\"), 6, '0')"
    kilos = weight('"q"')
    in_kilos = (
        f"CASE WHEN {kilos} IS NULL THEN NULL WHEN TRY_CAST({kilos} AS DOUBLE) IS NULL "
        f"THEN {kilos} ELSE CAST(1000 * TRY_CAST({kilos} AS DOUBLE) AS VARCHAR) END"
    )
    return TradeFormat(
        name="BACI CSV",
        columns={
            "reporter": 'trim("i")',
            "partner": 'trim("j")',
            "product": code,
            "period": _period('"t"'),
            "flow": "'X'",
            "value": 'CAST(1000 * TRY_CAST(trim("v") AS DOUBLE) AS VARCHAR)',
            "quantity": in_kilos if "q" in text.header else "NULL",
        },
        place=_number,
    )


def _gacc(text: Text) -> TradeFormat | None:
    if not _has(text, "商品编码") or not {"贸易伙伴名称", "贸易伙伴编码"} & set(text.header):
        return None
    value = next((c for c in ("美元", "人民币") if c in text.header), None)
    if value is None:
        raise DataError(
            f"{text.path}: a file of China's customs without 美元 or 人民币: export it with a value"
        )
    when = "'" + _in_name(text.path, r"(20\d{2})[-_]?(0[1-9]|1[0-2])(?!\d)") + "'"
    if "数据年月" in text.header:
        when = _period('"数据年月"')
    elif when == "''":
        raise DataError(
            f"{text.path}: no column 数据年月 and no month in the file's name: export with 数据年月, or "
            "name the file like exports_2022-03.csv"
        )
    name = text.path.stem.lower()
    flow = (
        "'M'"
        if ("import" in name or "进口" in name)
        else "'X'"
        if ("export" in name or "出口" in name)
        else ""
    )
    if "进出口类型" in text.header:
        flow = "CASE WHEN \"进出口类型\" LIKE '%出口%' THEN 'X' WHEN \"进出口类型\" LIKE '%进口%' THEN 'M' END"
    if not flow:
        raise DataError(
            f"{text.path}: the file does not say whether these are imports or exports: put "
            "'export' or 'import' into its name"
        )
    # The column of the quantity stands first: a refusal names it.
    kilos = [
        f'CASE WHEN "第{n}数量" IS NOT NULL AND trim("第{n}计量单位") = \'千克\' '
        f"THEN {clean(_named(f'第{n}数量'))} END"
        for n in "一二"
        if _has(text, f"第{n}数量", f"第{n}计量单位")
    ]
    return TradeFormat(
        name="China customs (GACC) CSV",
        columns={
            "reporter": "'CHN'",
            "partner": 'trim("贸易伙伴名称")',
            "product": 'trim("商品编码")',
            "period": when,
            "flow": flow,
            "value": clean(_named(value)),
            "quantity": f"nullif(coalesce({', '.join(kilos)}), '0')" if kilos else "NULL",
        },
        place=lambda label: label if label == "CHN" else place_codes.by_name(label),
        currency="USD" if value == "美元" else "CNY",
        codes="CHN",
        sums=True,
        notes=("trade regimes and places of registration are summed",),
    )


def _in_name(path: Path, pattern: str) -> str:
    found = re.search(pattern, path.stem)
    return f"{found[1]}-{found[2]}" if found else ""


#: Names that people give the columns of ``flows``. A file of ``exporter`` and ``importer`` is of
#: exports.
_ALSO = {
    "reporter": ("exporter", "seller"),
    "partner": ("importer", "buyer"),
    "period": ("month", "year", "date"),
    "product": ("hs6", "hs", "hs code", "hs_code", "code", "commodity"),
    "flow": (),
    "value": ("value_usd", "usd", "trade_value", "amount"),
    "quantity": ("kg", "weight", "net_weight"),
}


def _plain(text: Text) -> TradeFormat | None:
    named = {
        own: next((c for c in (own, *also) if c in text.header), "") for own, also in _ALSO.items()
    }
    exports = named["reporter"] in _ALSO["reporter"]
    if not all(named[c] or (c == "flow" and exports) for c in named if c != "quantity"):
        return None
    columns = {own: _named(column) for own, column in named.items()}
    said = f"lower(trim({columns['flow']}))"
    columns["flow"] = (
        (
            f"CASE WHEN {said} IN ('export', 'exports') THEN 'X' WHEN {said} IN ('import', "
            f"'imports') THEN 'M' ELSE upper({said}) END"
        )
        if named["flow"]
        else "'X'"
    )
    columns["quantity"] = weight(columns["quantity"]) if named["quantity"] else "NULL"
    return TradeFormat(
        name="flows CSV",
        columns=columns,
        place=_iso,
        checks=(
            (
                "unit",
                "lower(coalesce(trim(\"unit\"), '')) NOT IN ('', 'kg')",
                "is not kg: quantities of flows are kilograms",
            ),
        )
        if "unit" in text.header
        else (),
        currency_column="currency" if "currency" in text.header else "",
        states_currency="currency" in text.header or "usd" in named["value"],
        codes="own",
    )


#: Every delimited format, the most particular first.
FORMATS = (
    _comtrade_v1,
    _comtrade_legacy,
    _comext,
    _gacc,
    _plain,
    _easy_comext,
    _comext_sdmx,
    _census,
    _hmrc,
    _baci,
)

NAMES = (
    "Comtrade v1 (CSV, JSON), Comtrade legacy CSV, COMEXT bulk (both editions), Easy Comext CSV, "
    "Comext SDMX-CSV, Eurostat Data Browser xlsx, US Census CSV, HMRC OTS CSV, "
    "BACI (CSV, Parquet), GACC CSV, IMF IMTS, "
    "flows (CSV, Parquet)"
)


def detect_format(text: Text) -> TradeFormat:
    """The format of a delimited file, from its header.

    Raises
    ------
    DataError
        if no known format has these columns.
    """
    for claim in FORMATS:
        found = claim(text)
        if found is not None:
            return found
    raise DataError(
        f"{text.path}: line 1: bilat does not recognise the columns "
        f"{', '.join(text.header[:8])!r}. Rename them reporter, partner, product, period, flow, "
        f"value, quantity, or use one of these formats: {NAMES}"
    )


def shaped_sql(name: str, header: list[str]) -> str:
    """SQL over ``raw``, the text rows of a file in a named format: its columns, and beside them
    what the format makes of each (``_reporter``, ``_partner``, ``_product``, ``_period``,
    ``_flow``, ``_value``, ``_quantity``).

    Raises
    ------
    DataError
        if no format of that name has these columns.
    """
    if name == wide.IMTS.name:
        return wide.imts_sql(header)
    text = Text(Path(name), Path(name), tuple(header), ",", 0)
    form = next((f for claim in FORMATS if (f := claim(text)) is not None and f.name == name), None)
    if form is None:
        raise DataError(
            f"{name}: no trade format of this name has the columns {', '.join(header[:8])}"
        )
    return (
        "SELECT *, " + ", ".join(f"{sql} AS _{c}" for c, sql in form.columns.items()) + " FROM raw"
    )
