# SPDX-License-Identifier: Apache-2.0
"""Settings of the second simulator (`worlds/second.py`): states, product codes, and the named worlds.

What was measured, and in which file of the records (EUR in the first, USD elsewhere):

eurostat/cn8_sanctioned_exports_eu27_to_7_2020_2022, 27 members to 7 states, 1,392 HS6, by month:
- flows of a size class that vanish in the next year (2020-21): below 1e3 .40, 1e3 .24, 1e4 .12, 1e5 .046, 1e6 .021,
  1e7 .012; new ones about the same. Growth is Student's t, no Laplace: df 4.7, 3.6, 2.4, 1.9, 1.6, 1.3; scale 1.6,
  1.15, .79, .52, .33, .20.
- ln(value) has sd 3.17; the top 1% of flows hold 58%; Hill's index of the top 2% is 1.08; levels of two years correlate
  .86; a partner buys .07 (KG) to .45 (RU) of all (member, product) pairs.
- covariance of yearly growth (flows above 1e5, variance 1.24): same partner .008, product .041, member .006, member and
  partner .016, partner and product .057, member and product .088.
- active months of a year, from 1e3 to 1e7: 3.8, 6.5, 9.4, 11.0, 11.7; sd of ln(month) among them 1.17, 1.18, .98, .60,
  .36; months of one flow correlate .17 (lag 1), .00 (lag 3, 12). A product's own season has covariance .028.
- ln(Jun-Nov 2022 / 2021) by product, .1 .25 .5 .75 .9: RU -7.7 -3.4 -1.8 -.8 -.2, BY -7.7 -3.4 -.5 .3 .9.
eurostat/total_monthly_eu_members_to_cis, all goods, 2022H2 / 2021H2: RU .55, GE 1.6, UZ 1.7, KZ 2.5, AM 3.2, KG 7.3.
taiwan_customs (8542 exports), comtrade/russia_reported_by_partner_hs2 (imports since 2009): the level is nearly a
random walk: median |ln change| over 1, 3, 5 years of flows above 1e6 is .27 .47 .66 and .19 .35 .45; lag-1
autocorrelation of growth -.08 and -.16, of smaller flows -.34 and -.28. Taiwan's flows of 1e3 vanish at .50, of 1e4
.22, of 1e5 .05.
comtrade/world_total_exports_by_partner_2021: sd of ln(exports) 1.50, of ln(imports) 1.25 among the 90 largest.
atlas/techai_baskets: China's chips to Russia x 2.3 in 2022 and x 2.6 in 2023 on 2021: own production steps in.
formats/comtrade_legacy_csv_SME: ln(value/kg) has sd 1.4-1.8 in a product, .87 within a reporter;
comtrade/thailand_imports_8542: weight missing in 11% of rows.

Real (the first file) and simulated (yearly-large, 250 products, seed 7, EU members to the same states), 2020-21:
| from | gone | new | growth .05 .25 .75 .95, real | simulated |
|---|---|---|---|---|
| 1e3 | .24 .25 | .26 .24 | -2.6 -.65 1.05 2.6 | -2.3 -.65 .97 2.5 |
| 1e4 | .12 .13 | .12 .12 | -2.8 -.67 .60 1.7 | -2.2 -.68 .58 1.7 |
| 1e5 | .05 .05 | .05 .05 | -2.3 -.47 .40 1.1 | -1.9 -.60 .29 1.1 |
| 1e6 | .02 .03 | .02 .02 | -1.8 -.32 .29 .8 | -1.5 -.48 .26 .9 |
| 1e7 | .01 .01 | .01 .01 | -1.3 -.17 .20 .5 | -.7 -.32 .19 1.0 |
Also real, simulated: sd of ln(value) 3.17, 3.08; mean 9.3, 9.9; sanctioned goods to RU after / before -7.7 -3.4
-1.8 -.8 -.2, -5.9 -3.4 -1.8 -.7 -.2; months active (monthly-middle, 90 states) 3.8 6.5 9.4 11.0 11.7, 4.6 7.2 9.5
10.8 11.4; lag-1 correlation of months .17, .14. Where it is off: the top 1% holds .74-.86, not .58; the largest
flows vary too much (.27 .47 .66 over 1, 3, 5 years in Taiwan's exports, .32 .60 .80 here); two years' levels
correlate .90, not .86.
"""

from dataclasses import dataclass

import numpy as np

# world_total_exports_by_partner_2021: by exports plus imports of 2021, then states that matter as hubs or targets
_ORDER = """
CHN USA DEU NLD HKG JPN FRA KOR ITA GBR CAN MEX BEL IND SGP TWN ESP RUS CHE VNM POL ARE AUS MYS THA BRA TUR
SAU IDN CZE AUT SWE IRL HUN NOR DNK PHL ZAF SVK ROU CHL PRT FIN ISR EGY ARG UKR GRC QAT KAZ NGA PER SVN COL
KWT PAK MAR NZL BGR LTU BLR BGD OMN SRB HRV KHM IRQ ECU PAN EST LUX LVA AGO MMR TUN UZB DZA GTM DOM BHR IRN
AZE LKA CRI JOR KEN MLT LBN GEO KGZ MNG ARM MDA SYR TJK CUB VEN
"""
COUNTRIES = _ORDER.split()
# HS 2017, chapters 84, 85, 88, 90: four digits of the heading, then two for each subheading
CODES = """
84013040 840211192090 840310 8404102090 840510 840610818290 8407212931323490 840810 8409109199 8410111390
8411111222818291 8412102129318090 8413111930406081829192 841420304051608090 84151081828390 8416203090 84171080
84181021304050619199 841911193132394060818990 84209199 84211112222329399199 84221120304090 84232030818290
8424102030498289 84251931394149 842611121930414991 8427102090 842810313233396090 84291930405152
84301020313949506169 8431203139414349 8432102131414290 8433111920405152536090 84341020 84351090 84361021809199
843710 843810203050608090 843920309199 844090 84411020308090 84423040 844311121316171931399199 844400
8445121319204090 8446102130 8447111220 84481119313339424959 844900 845011122090 8451102130405080 845210212930
8453108090 8454203090 845510223090 84561120304050 8457102030 8458119199 8459102131414959616970
84601922232431394090 846130405090 8462212931399199 8463103090 84641020 84651020919294959699 84662030919294
846711192981899199 8468102080 84701021293090 847130414960708090 84723090 8473294050 8474102032398090 8475212990
847621818990 8477103040515990 847890 8479103040506079818289 84801020304150607179 848120304080 8482203040809199
84831030405060 8484102090 848610304090 848710 850110203133344051525361626364 850211121320313940 850300
850410212223323334405090 850511192090 850610304050608090 850710203040508090 850811196070 8509408090 851010203090
851110203040508090 851210204090 85131090 85141020304090 85151119212931398090 851610212931324050607172798090
851711121861626970 851810212229304050 85192030508189 85211090 85221090 85232129414951525980 8525506080
8526109192 852712192129919299 8528424952596269717273 85291090 8530108090 8531102090 8532102122232425293090
853310212931394090 853400 85351021293090 853610203041495061697090 85371020 85381090 853910212229313239495090
85401112204060717981899199 85411021293040506090 854231323990 85431020307090 85441119203042496070 854511192090
8546102090 85472090 85481090 880100 8802111220304060 880310203090 880400 8805102129 90011020304050 900211192090
9003111990 90041090 9005108090 900630405152535961699199 9007209192 90085090 901010506090 901110208090 90121090
901310208090 9014102080 9015102030408090 901600 90171020308090 9018111213141920313239415090 90191020 902000
90211021293139405090 90221213141921293090 902300 90248090 902511198090 902610208090 9027102030508090
902810203090 90291020 90301020313233394082848990 9031102041498090 90321020818990 903300
"""
CHANGES = {  # HS 2017 -> HS 2022, with the share that goes to each
    854150: ((854151, 0.4), (854159, 0.6)),
    854890: ((854800, 1.0),),
    852580: ((852589, 1.0),),
    854140: ((854149, 1.0),),
    880330: ((880730, 1.0),),
}
# ln, mean of all flows by month, 2020-21, first file above
SEASON = np.array(
    [-0.067, 0.01, 0.061, -0.007, -0.035, -0.014, 0.024, 0.015, 0.025, 0.023, -0.037, -0.009]
)
_WESTERN = "USA DEU JPN KOR GBR FRA ITA NLD BEL CAN ESP POL CZE AUT SWE FIN CHE LTU LVA EST"
WESTERN = tuple(_WESTERN.split())


@dataclass(frozen=True)
class World:
    """Settings of one world. `since`: the month of the break; `share`: a route's part of the product's lost trade."""

    name: str
    countries: int = 60
    products: int = 300
    first: int = 2014
    last: int = 2023
    monthly: bool = False
    since: str = "2022-03"
    target: str = "RUS"
    coalition: tuple[str, ...] = WESTERN
    producer: str = "CHN"
    routes: int = 120
    share: tuple[float, float] = (0.003, 0.8)
    entrepots: int = 4
    noise: float = 0.05  # sd of ln(reported / true), each record
    gross: float = 0.0005  # share of records that are ten times too large or too small
    reorient: float = 0.6  # ln growth of the friends' trade with the target, all goods
    holes: int = 0  # (country, year) pairs whose exports are missing
    code_changes: bool = False


SMALL = ("USA", "DEU", "JPN", "FRA", "ITA", "GBR", "KOR")
WORLDS = [
    World("yearly-large", countries=90, products=800, routes=250),
    World("yearly-middle"),
    World("yearly-few-routes", products=400, routes=15),
    World("yearly-many-routes", products=200, routes=400),
    World("yearly-small-routes", share=(0.002, 0.05)),
    World("yearly-no-routes", routes=0),
    World("yearly-noisy", noise=0.35, gross=0.004, holes=6),
    World("yearly-entrepots", entrepots=14),
    World("yearly-reoriented", reorient=1.2),
    World("yearly-one-year", last=2022, since="2022-01"),
    World(
        "yearly-codes-holes", products=500, code_changes=True, holes=4, since="2022-01", routes=150
    ),
    World("yearly-tiny", countries=22, products=30, routes=15, coalition=SMALL, first=2017),
    World(
        "yearly-iran",
        target="IRN",
        since="2018-08",
        last=2021,
        coalition=SMALL,
        products=200,
        routes=60,
    ),
    World(
        "yearly-syria",
        target="SYR",
        since="2011-09",
        first=2005,
        last=2014,
        producer="IND",
        products=250,
        routes=50,
        coalition=("DEU", "FRA", "ITA", "TUR", "SAU", "USA", "GBR"),
        entrepots=7,
    ),
    World("monthly-middle", countries=40, products=100, first=2018, monthly=True, routes=60),
    World(
        "monthly-belarus",
        target="BLR",
        since="2021-08",
        countries=35,
        products=120,
        first=2017,
        monthly=True,
        coalition=("POL", "DEU", "LTU", "LVA", "CZE", "ITA", "NLD"),
        producer="RUS",
        routes=50,
        reorient=0.9,
    ),
    World(
        "monthly-tiny",
        countries=24,
        products=40,
        first=2019,
        monthly=True,
        routes=20,
        coalition=SMALL,
        noise=0.2,
        code_changes=True,
    ),
]


def codes() -> list[int]:
    """The 800 product codes, sorted; those that HS 2022 changed are among them."""
    return sorted(int(w[:4] + w[i : i + 2]) for w in CODES.split() for i in range(4, len(w), 2))
