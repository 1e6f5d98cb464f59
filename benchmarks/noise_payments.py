# SPDX-License-Identifier: Apache-2.0

"""Noise in the name field: payments and customs declarations (set b)."""

import random
import re
from collections.abc import Callable

# ---------------------------------------------------------------- helpers

_FORMS = {
    # abbreviation: (script, written out, twin in the other language)
    "JSC": ("L", "Joint Stock Company", "АО"),
    "OJSC": ("L", "Open Joint Stock Company", "ОАО"),
    "CJSC": ("L", "Closed Joint Stock Company", "ЗАО"),
    "PJSC": ("L", "Public Joint Stock Company", "ПАО"),
    "AO": ("L", "Aktsionernoe Obshchestvo", "JSC"),
    "OAO": ("L", "Otkrytoe Aktsionernoe Obshchestvo", "OJSC"),
    "ZAO": ("L", "Zakrytoe Aktsionernoe Obshchestvo", "CJSC"),
    "PAO": ("L", "Publichnoe Aktsionernoe Obshchestvo", "PJSC"),
    "OOO": ("L", "Obshchestvo s Ogranichennoy Otvetstvennostyu", "LLC"),
    "LLC": ("L", "Limited Liability Company", "ООО"),
    "LLP": ("L", "Limited Liability Partnership", "ТОО"),
    "TOO": ("L", "Tovarishchestvo s Ogranichennoy Otvetstvennostyu", "LLP"),
    "LTD": ("L", "Limited", "ООО"),
    "LIMITED": ("L", "Limited", "LTD"),
    "GMBH": ("L", "Gesellschaft mit beschraenkter Haftung", "LLC"),
    "AG": ("L", "Aktiengesellschaft", "JSC"),
    "SA": ("L", "Sociedad Anonima", "JSC"),
    "INC": ("L", "Incorporated", "LTD"),
    "FZE": ("L", "Free Zone Establishment", "LLC"),
    "FGUP": ("L", "Federal State Unitary Enterprise", "ФГУП"),
    "АО": ("C", "Акционерное общество", "JSC"),
    "ОАО": ("C", "Открытое акционерное общество", "OJSC"),
    "ЗАО": ("C", "Закрытое акционерное общество", "CJSC"),
    "ПАО": ("C", "Публичное акционерное общество", "PJSC"),
    "ООО": ("C", "Общество с ограниченной ответственностью", "LLC"),
    "ТОО": ("C", "Товарищество с ограниченной ответственностью", "LLP"),
    "ФГУП": ("C", "Федеральное государственное унитарное предприятие", "FSUE"),
}


def _cyr(s: str) -> bool:
    return bool(re.search("[А-Яа-яЁё]", s))


def _split(name: str):
    """(form as it stands, key, core, 'front'|'back'|None)"""
    w = name.split()
    if len(w) > 1:
        for i, side in ((0, "front"), (-1, "back")):
            key = w[i].strip('.,"«»()').upper()
            if key in _FORMS:
                rest = w[1:] if side == "front" else w[:-1]
                return w[i].strip(",."), key, " ".join(rest).rstrip(","), side
    return None, None, name, None


def _pick(rng, name, both, cyr=(), lat=()):
    """one template out of those fit for the script of the name"""
    pool = list(both) + list(cyr if _cyr(name) else lat)
    return rng.choice(pool).replace("{n}", name)


def _one(rng, *xs):
    return rng.choice(xs)


# ---------------------------------------------------------------- firms


def structured_lines(name, rng):
    """MT 50F numbered lines or a flattened ISO 20022 party block"""
    cc, city, st = rng.choice(
        [
            ("KZ", "ALMATY", "ABAY AVE 52"),
            ("RU", "EKATERINBURG", "LENIN STR 12"),
            ("TR", "MERSIN", "SERBEST BOLGE 4 CAD"),
            ("AE", "DUBAI", "BLOCK B OFFICE 301"),
            ("CN", "URUMQI", "BEIJING SOUTH RD 40"),
            ("KG", "BISHKEK", "CHUY AVE 114"),
        ]
    )
    return _one(
        rng,
        f"1/{name} 2/{st} 3/{cc}/{city}",
        f"1/{name}2/{st}3/{cc}/{city}",
        f"Nm {name} PstlAdr Ctry {cc} TwnNm {city}",
        f"Cdtr Nm {name} CtryOfRes {cc}",
        f":59F:1/{name} 2/{st}",
        f"BNF {name} {city} {cc}",
        f"/BENEF//{name} //{city}",
    )


def graph_labels(name, rng):
    """printed labels of the declaration form read together with the name"""
    return _pick(
        rng,
        name,
        [
            "2 Отправитель/Экспортер № {n}",
            "8 Получатель № {n} 9 Лицо, ответственное за финансовое урегулирование",
            "Гр.2 {n} торгующая страна",
            "14 Декларант {n} 15 Страна отправления",
            "Жөнелтуші/Экспорттаушы {n}",
            "2 Consignor/Exporter No {n} 3 Forms",
            "8 Consignee No {n} 9 Person responsible for financial settlement",
        ],
        cyr=[
            "Отправитель экспортер {n} формы 1 1",
            "Контрактодержатель {n} он же декларант",
        ],
        lat=[
            "Empfaenger Nr {n} Verantwortlicher fuer den Zahlungsverkehr",
            "Exportador Remitente {n} Formularios",
        ],
    )


def lc_wording(name, rng):
    """consignee wording asked for by a letter of credit"""
    return _pick(
        rng,
        name,
        [
            "TO THE ORDER OF {n}",
            "made out to order blank endorsed notify {n}",
            "consigned to order of issuing bank for account of {n}",
            "unto order of {n} or assigns",
            "applicant {n} as per credit terms",
            "first beneficiary {n} transferable credit",
            "accountee {n} drawn under irrevocable credit",
            "drafts drawn on {n} at ninety days sight",
            "a la orden de {n} carta de credito irrevocable",
            "a l'ordre de {n} credit documentaire",
        ],
        cyr=[
            "приказу {n} по безотзывному аккредитиву",
            "аппликант {n} аккредитив покрытый",
        ],
    )


def payment_purpose(name, rng):
    """purpose of payment written around the name, no marks"""
    return _pick(
        rng,
        name,
        [
            "Оплата по договору поставки {n} за комплектующие без НДС",
            "Предоплата {n} по контракту за оборудование",
            "Возврат ошибочно перечисленных средств {n} согласно письму",
            "Payment to {n} against proforma balance thirty percent",
            "advance to {n} for goods not yet imported",
            "settlement of invoice {n} partial shipment second tranche",
        ],
        cyr=[
            "Перечисление аванса {n} по спецификации в том числе НДС",
            "Окончательный расчет с {n} за услуги по перевозке",
            "Частичная оплата {n} по акту сверки",
        ],
        lat=[
            "Zahlung an {n} Restbetrag gemaess Vertrag",
            "pago a {n} saldo final segun contrato",
            "reglement {n} solde de tout compte",
        ],
    )


def charges_value(name, rng):
    """charge codes and value words of a payment order beside the name"""
    pre = _one(
        rng,
        "URGENT",
        "same day value",
        "SHA",
        "OUR",
        "full pay",
        "cover via correspondent",
        "RTGS",
        "FIN 202 COV",
        "срочный платеж",
        "B2B",
        "TT",
        "swift outward",
    )
    post = _one(
        rng,
        "OUR",
        "no deduction",
        "all charges ben",
        "value tomorrow",
        "without recourse",
        "FFC",
        "expense SHA",
        "комиссия за счет отправителя",
        "CRED SDVA",
        "masraf gonderene ait",
        "spot rate booked",
    )
    return _one(rng, f"{pre} {name}", f"{name} {post}", f"{pre} {name} {post}")


def form_written_out(name, rng):
    """legal form written out, mostly on the other side, with a contract's words"""
    _form, key, core, _side = _split(name)
    if key:
        full = _FORMS[key][1]
    else:
        full = (
            _one(rng, "Акционерное общество", "Общество с ограниченной ответственностью")
            if _cyr(name)
            else _one(rng, "Joint Stock Company", "Limited Liability Company")
        )
    tail = _one(
        rng,
        "",
        "",
        " в лице генерального директора" if _cyr(name) else " represented by its general director",
        " именуемое в дальнейшем Покупатель" if _cyr(name) else " hereinafter the Buyer",
        " действующее на основании устава"
        if _cyr(name)
        else " duly incorporated and acting under its charter",
    )
    if _cyr(name):
        return _one(rng, f"{full} {core}{tail}", f"{full} «{core}»{tail}", f"{core} {full}{tail}")
    return _one(
        rng,
        f"{full} {core}{tail}",
        f"{core} {full}{tail}",
        f'{full} "{core}"{tail}',
        f"{core}, a {full}{tail}",
    )


def form_doubled(name, rng):
    """two legal forms, one of each language"""
    form, key, core, _side = _split(name)
    if key:
        twin = _FORMS[key][2]
    else:
        form, twin = rng.choice([("АО", "JSC"), ("ООО", "LLC"), ("ТОО", "LLP")])
    stock = (key or form) in (
        "JSC",
        "OJSC",
        "CJSC",
        "PJSC",
        "AO",
        "OAO",
        "ZAO",
        "PAO",
        "АО",
        "ОАО",
        "ЗАО",
        "ПАО",
        "AG",
        "SA",
    )
    kz = _one(rng, "АҚ", "ASC", "A.S.", "AJ") if stock else _one(rng, "ЖШС", "MMC", "MChJ", "Co Ltd", "OsOO")
    return _one(
        rng,
        f"{form} {core} {twin}",
        f"{twin} {core} {form}",
        f"{twin} {form} {core}",
        f"{core} {form} {twin}",
        f"{core} {form} {kz}",
        f"{kz} {form} {core}",
    )


def form_glued(name, rng):
    """legal form stuck to the name (a lost blank)"""
    form, key, core, _side = _split(name)
    if not key:
        form = rng.choice(["АО", "ООО", "ТОО"]) if _cyr(name) else rng.choice(["JSC", "LLC", "LLP", "Ltd"])
    return _one(
        rng,
        f"{core}{form}",
        f"{form}{core}",
        f"{core},{form}",
        f"{form}.{core}",
        f"{form}_{core}",
        f'{form}"{core}"',
    )


def india_entry(name, rng):
    """Indian bill of entry / shipping bill words"""
    return _pick(
        rng,
        name,
        [
            "M/s {n} high sea sale",
            "M/S. {n} Unit II EOU",
            "importer {n} IEC holder proprietor",
            "{n} through CHA self",
            "{n} into bond warehouse Nhava Sheva",
            "{n} A/c SEZ unit Kandla DTA sale",
            "{n} Branch Sr No 1 AD code registered",
            "supplier {n} related party no",
            "{n} third party exporter DBK claimed",
            "Sold by high seas to bill of entry filer ex {n}",
            "home consumption {n} first check",
        ],
    )


def china_entry(name, rng):
    """Chinese customs labels and trade words"""
    return _pick(
        rng,
        name,
        [
            "境外收货人 {n}",
            "境外发货人{n}",
            "收货单位 {n} 一般贸易",
            "{n} 驻北京代表处",
            "{n} 公司 收",
            "买方 {n} 俄罗斯",
            "{n}（俄罗斯）有限公司",
            "付款人 {n} 货款",
            "Jingwai Shouhuoren {n} yiban maoyi",
            "{n} Eluosi Gongsi",
            "Mai fang {n} huokuan",
            "NO {n} 无",
        ],
    )


def turkish_entry(name, rng):
    """Turkish declaration and bank words"""
    return _pick(
        rng,
        name,
        [
            "Alıcı {n} mal bedeli transferi",
            "Alici firma {n} adina",
            "Gönderici İhracatçı {n}",
            "{n} adına dolaylı temsilci",
            "{n} antrepo beyannamesi kesin ithalat",
            "Lehtar {n} peşin ithalat",
            "amir {n} akreditifli odeme",
            "{n} sirketi mersin serbest bolge subesi",
            "bedelsiz numune {n} geri gelen esya",
            "transit refakat {n} asıl sorumlu",
            "Sayın {n} yetkilisi",
        ],
    )


def kazakh_entry(name, rng):
    """Kazakh words of role, place, payment"""
    return _pick(
        rng,
        name,
        [
            "Жүк алушы {n} Алматы қаласы",
            "Алушы {n} сенімхат бойынша",
            "жөнелтуші {n} Ресей Федерациясы",
            "{n} филиалы Қарағанды",
            "Төлеуші {n} шарт бойынша төлем",
            "Бенефициар {n} КНП 710",
            "{n} өкілдігі Астана",
            "Қазақстан Республикасы {n} тауар үшін алдын ала төлем",
            "Zhuk alushy {n} Kazakstan",
            "{n} kedendik resimdeu ushin",
            "декларант {n} кеден өкілі арқылы",
        ],
    )


def spanish_entry(name, rng):
    """Spanish and Portuguese customs and bank words"""
    return _pick(
        rng,
        name,
        [
            "Importador {n} por cuenta propia",
            "consignado a {n} recinto fiscalizado Manzanillo",
            "proveedor del exterior {n} sin vinculacion",
            "beneficiario final {n} giro al exterior",
            "Señores {n} presente",
            "{n} deposito aduanero publico",
            "despachante por cuenta y orden de {n}",
            "{n} sucursal Colombia en liquidacion",
            "razon social {n} comprador",
            "adquirente {n} conta e ordem de terceiros",
            "embarcador {n} flete por cobrar",
        ],
    )


def arabic_latin(name, rng):
    """Arabic words in Latin letters"""
    return _pick(
        rng,
        name,
        [
            "Sharikat {n}",
            "Al Sada Sharikat {n} al muhtaramin",
            "Al mustafid {n} hawala kharijiya",
            "ila amr {n}",
            "Al mursal ilayh {n}",
            "{n} lil istirad wal tasdir",
            "{n} fara Dubai",
            "hisab {n} jari",
            "al mustawrid {n} mantiqa hurra",
            "Muassasat {n} lil tijara al amma",
            "bi wakalat {n} takhlis jumruki",
        ],
    )


def branch_office(name, rng):
    """branch, department, plant or site words"""
    return _pick(
        rng,
        name,
        [
            "{n} Almaty Representative Office",
            "{n} Zweigniederlassung Hamburg",
            "{n} Foreign Economic Relations Department",
            "Procurement Directorate {n} Warehouse Two",
            "Tashkent branch of {n}",
            "{n} treasury middle office",
            "Oddzial w Polsce {n}",
            "succursale de Geneve {n}",
        ],
        cyr=[
            "Филиал {n} в г. Шымкент",
            "Обособленное подразделение {n} Екатеринбург",
            "{n} отдел внешнеэкономических связей",
            "Представительство {n} в Республике Казахстан",
            "склад временного хранения {n} цех пять",
        ],
        lat=[
            "Predstavitelstvo {n} Minsk",
            "Filial {n} g. Shymkent",
        ],
    )


def account_kind(name, rng):
    """kind of the account in front of or behind its holder"""
    return _pick(
        rng,
        name,
        [
            "EUR current account {n}",
            "{n} payroll account",
            "Escrow {n} sub ledger",
            "{n} client funds nostro USD",
            "Transit currency account {n}",
            "Vostro {n} under liquidation",
            "{n} margin deposit LC",
            "vadesiz hesap {n}",
            "Girokonto {n} Treuhand",
            "cuenta corriente {n} moneda extranjera",
        ],
        cyr=[
            "р/с {n} в тенге",
            "транзитный валютный счет {n}",
            "{n} специальный счет гособоронзаказ",
            "корпоративная карта {n}",
            "ссудный счет {n} просроченная задолженность",
        ],
    )


def erp_status(name, rng):
    """status words of a master record"""
    return _pick(
        rng,
        name,
        [
            "DO NOT USE {n}",
            "{n} duplicate use group vendor",
            "zzz {n} inactive",
            "{n} blocked for posting",
            "one time vendor {n}",
            "XX DELETED {n} XX",
            "{n} KYC pending renewal",
            "Kopie von {n} gesperrt",
            "{n} intercompany elimination",
            "NICHT VERWENDEN {n} alt",
            "migrated {n} legacy ledger",
            "baja {n} proveedor eventual",
            "prepayment only {n} credit hold",
        ],
        cyr=[
            "НЕ ИСПОЛЬЗОВАТЬ {n}",
            "{n} задвоен помечен на удаление",
            "архив {n} старые реквизиты",
            "{n} новый контрагент проверить",
        ],
    )


def sepa_european(name, rng):
    """European credit-transfer words"""
    month = _one(rng, "März", "Juni", "November")
    return _pick(
        rng,
        name,
        [
            "SEPA Überweisung {n} Rechnung " + month,
            "abweichender Kontoinhaber {n}",
            "Gutschrift Auftraggeber {n} Auslandszahlung",
            "virement emis {n} facture avril",
            "donneur d'ordre {n} motif import",
            "Przelew zagraniczny {n} zapłata za fakturę",
            "odbiorca {n} zwrot nadpłaty",
            "bonifico a favore di {n} saldo fattura",
            "ultimate debtor {n} netting",
            "recibo domiciliado {n} cuota trimestral",
            "Betaling aan {n} factuur voldaan",
            "Maksunsaaja {n} ennakko",
        ],
    )


def goods_around(name, rng):
    """goods and terms of delivery run into the name"""
    g = _one(
        rng,
        "CNC lathe spares",
        "ball bearings",
        "frozen fish",
        "used machinery",
        "sunflower oil in bulk",
        "integrated circuits",
        "запчасти для насосов",
        "станок токарный б/у",
        "yedek parca",
        "Ersatzteile",
        "repuestos",
        "steel coils",
    )
    t = _one(
        rng,
        "CIF Mersin",
        "DAP Almaty",
        "FCA Hamburg",
        "knocked down",
        "not for resale",
        "for own use",
        "временный ввоз",
        "реэкспорт",
        "free of charge samples",
        "country of origin China",
        "muestras sin valor",
    )
    return _one(
        rng, f"{g} {name}", f"{name} {t}", f"{g} {name} {t}", f"{g} for {name} {t}", f"{name} {g} {t}"
    )


def swift_35_wrap(name, rng):
    """name and address filled into lines of 35, broken wherever the line ends"""
    adr = _one(
        rng,
        "OFFICE 14 RESPUBLIKI STREET 21 TYUMEN",
        "KUNAEV STREET 77 ALMATY KAZAKHSTAN",
        "ATASEHIR BULVARI 5 ISTANBUL TURKIYE",
        "ZHONGGUANCUN EAST RD HAIDIAN BEIJING",
    )
    pre = _one(rng, "", "BENEFICIARY CUSTOMER ", "ORDERING CUSTOMER IS ", "/ACC/FOR FURTHER CREDIT TO ")
    t = f"{pre}{name} {adr}"
    lines = [t[i : i + 35] for i in range(0, len(t), 35)][:4]
    return _one(rng, "\n", " // ", " ", "\n//").join(lines)


def lookalikes(name, rng):
    """keyboard or scan: some letters from the other alphabet, with a role word"""
    c2l = dict(zip("АВЕКМНОРСТХаеорсух", "ABEKMHOPCTXaeopcyx", strict=False))
    l2c = {v: k for k, v in c2l.items()}
    table = c2l if _cyr(name) else l2c
    idx = [i for i, c in enumerate(name) if c in table]
    out = list(name)
    for i in rng.sample(idx, max(1, min(len(idx), rng.randint(2, 4)))) if idx else []:
        out[i] = table[out[i]]
    s = "".join(out)
    return _one(rng, s, f"получатель {s}", f"shipper {s}", f"{s} импортер", f"{s} end user")


def stamp_overlay(name, rng):
    """words of a stamp scanned over the name"""
    return _pick(
        rng,
        name,
        [
            "ORIGINAL {n} NON NEGOTIABLE COPY",
            "{n} RECEIVED FOR CARRIAGE",
            "VERIFIED WITH ORIGINAL {n} authorised signatory",
            "PAID {n} ACCOUNTS PAYABLE",
            "{n} ASLI GIBIDIR",
            "kopia za zgodność {n} z oryginałem",
            "ES COPIA FIEL {n} aduana",
            "certified true copy {n} chamber of commerce",
        ],
        cyr=[
            "ВЫПУСК ТОВАРОВ РАЗРЕШЕН {n}",
            "ТОВАР ПОСТУПИЛ {n} таможенный пост",
            "копия верна {n} ведущий специалист",
            "{n} для документов",
            "М.П. {n} подпись",
        ],
        lat=[
            "VYPUSK RAZRESHEN {n}",
            "M.P. {n} dlya dokumentov",
        ],
    )


def third_party(name, rng):
    """payer or broker for somebody else"""
    return _pick(
        rng,
        name,
        [
            "third party payment on behalf of {n} under tripartite agreement",
            "payment agent for {n} nominee",
            "customs broker acting in name of {n}",
            "B/O {n} our customer",
            "by order {n} ultimate beneficial remitter",
            "po porucheniyu {n} platezhnyy agent",
            "fuer Rechnung {n} indirekte Vertretung",
            "pour le compte de {n} mandataire",
            "w imieniu {n} agencja celna",
        ],
        cyr=[
            "за третье лицо {n} согласно письму",
            "таможенный представитель от имени и по поручению {n}",
            "{n} через платежного агента",
            "за {n} по договору цессии",
            "комиссионер по поручению {n} агентский договор",
        ],
    )


def address_first(name, rng):
    """address written from the large to the small, the name within or at the end, no comma"""
    if _cyr(name):
        a = _one(
            rng,
            "РОССИЯ Свердловская область Екатеринбург",
            "Республика Казахстан г Алматы",
            "Беларусь Минск ул Притыцкого",
            "622018 Нижний Тагил",
            "Китай Синьцзян Урумчи",
        )
        b = _one(rng, "ул Заводская д 3", "промзона", "этаж 4 оф 12", "ж/д тупик 2", "а/я 15")
    else:
        a = _one(
            rng,
            "Russian Federation Sverdlovsk Region",
            "Republic of Kazakhstan Karaganda",
            "Turkiye Istanbul Tuzla",
            "UAE Jebel Ali Free Zone",
            "PRC Xinjiang Urumqi",
            "Rossiya g Moskva",
        )
        b = _one(
            rng,
            "Industrial Area Plot 9",
            "bld 2 office 14",
            "railway siding 2",
            "PO Box",
            "Kat 3 No 7",
            "ul Zavodskaya d 3",
        )
    return _one(
        rng, f"{a} {name}", f"{a} {b} {name}", f"{a} {name} {b}", f"{b} {name} {a}", f"{name} {b} {a}"
    )


FIRM_KINDS: dict[str, Callable[[str, random.Random], str]] = {
    f.__name__: f
    for f in (
        structured_lines,
        graph_labels,
        lc_wording,
        payment_purpose,
        charges_value,
        form_written_out,
        form_doubled,
        form_glued,
        india_entry,
        china_entry,
        turkish_entry,
        kazakh_entry,
        spanish_entry,
        arabic_latin,
        branch_office,
        account_kind,
        erp_status,
        sepa_european,
        goods_around,
        swift_35_wrap,
        lookalikes,
        stamp_overlay,
        third_party,
        address_first,
    )
}


# ---------------------------------------------------------------- persons


def p_document(name, rng):
    """identity paper, citizenship, birth beside the name"""
    y = rng.randint(1955, 1998)
    return _pick(
        rng,
        name,
        [
            f"{{n}} DOB {y}",
            "{n} passport issued MVD Kazakhstan",
            "holder of Russian passport {n}",
            "{n} resident Emirates ID",
            "ausgewiesen durch Reisepass {n}",
            "{n} uyruğu Rusya",
            f"natural de Rusia {{n}} nacido {y}",
        ],
        cyr=[
            f"{{n}} {y} г.р. уроженец г. Омска",
            "гражданин РФ {n} паспорт выдан ОВД",
            "{n} вид на жительство",
            "Ресей азаматы {n} жеке куәлік",
        ],
    )


def p_salary(name, rng):
    """salary, loan, dividend, rent words"""
    return _pick(
        rng,
        name,
        [
            "Salary March {n}",
            "Зарплата за март {n}",
            "dividend to shareholder {n} net of tax",
            "Gehalt {n} Bonus",
            "per diem {n} business trip Dubai",
            "nomina {n} anticipo",
            "loan repayment {n} principal only",
            "maaş ödemesi {n} avans",
        ],
        cyr=[
            "Аванс {n} под отчет",
            "заем учредителя {n} беспроцентный",
            "выплата дивидендов {n} за минусом НДФЛ",
            "Алименты {n} по исполнительному листу",
        ],
    )


def p_office(name, rng):
    """office held"""
    return _pick(
        rng,
        name,
        [
            "represented by General Director {n} acting under the Charter",
            "{n} managing partner signatory",
            "Geschaeftsfuehrer {n} einzelvertretungsberechtigt",
            "şirket müdürü {n}",
            "representante legal {n}",
            "prezes zarządu {n}",
            "ultimate beneficial owner {n} majority shareholder",
            "chief accountant {n}",
        ],
        cyr=[
            "генеральный директор {n} действующий на основании устава",
            "в лице директора {n}",
            "гл. бухгалтер {n} право второй подписи",
            "директоры {n} жарғы негізінде",
            "врио начальника {n}",
        ],
    )


def p_sole_trader(name, rng):
    """sole trader in several languages"""
    return _pick(
        rng,
        name,
        [
            "ИП {n}",
            "IP {n}",
            "{n} sole proprietor",
            "{n} şahıs firması",
            "Einzelunternehmen {n}",
            "prop {n}",
            "{n} persona fisica con actividad empresarial",
            "FOP {n}",
            "jednoosobowa działalność {n}",
        ],
        cyr=[
            "Индивидуальный предприниматель {n}",
            "ЖК {n}",
            "Жеке кәсіпкер {n}",
            "Глава КФХ {n}",
            "ИП{n}",
            "{n} ИП самозанятый",
        ],
    )


def p_courtesy(name, rng):
    """courtesy and titles"""
    return _pick(
        rng,
        name,
        [
            "Sayın {n} Bey",
            "Shri {n} ji",
            "Al Sayyid {n} al muhtaram",
            "Sr. Don {n}",
            "Herrn Dipl.-Ing. {n}",
            "H.E. Mr {n}",
            "Monsieur {n} en main propre",
            "Szanowny Pan {n}",
            "{n} 先生 收",
            "{n} xiansheng",
            "Eng. Capt. {n} retd",
        ],
        cyr=[
            "Уважаемый {n}",
            "господину {n} лично в руки",
            "гр-н {n}",
            "мырза {n}",
            "д.т.н. профессор {n}",
        ],
    )


def p_family(name, rng):
    """family, joint holders, minors, estate"""
    return _pick(
        rng,
        name,
        [
            "{n} and spouse joint account",
            "{n} either or survivor",
            "estate of late {n}",
            "Erbengemeinschaft {n}",
            "{n} as guardian of minor son",
            "herederos de {n}",
            "{n} ve eşi",
            "family trust settlor {n}",
        ],
        cyr=[
            "наследники {n}",
            "{n} с супругой",
            "{n} законный представитель несовершеннолетнего",
            "вклад на имя {n} отец вносителя",
        ],
    )


def p_baggage(name, rng):
    """passenger goods declarations"""
    return _pick(
        rng,
        name,
        [
            "unaccompanied baggage {n} personal effects",
            "Umzugsgut {n} Uebersiedlung",
            "{n} used household goods returning resident",
            "menaje de casa {n}",
            "kişisel eşya {n} yolcu beraberi",
            "mienie przesiedlenia {n}",
            "transfer of residence {n} one car",
            "effets personnels {n} demenagement",
        ],
        cyr=[
            "несопровождаемый багаж {n} личные вещи",
            "{n} товары для личного пользования",
            "автомобиль физлица {n} утильсбор уплачен",
            "жеке пайдалануға {n}",
        ],
    )


def p_proxy(name, rng):
    """proxy and signature words"""
    return _pick(
        rng,
        name,
        [
            "{n} by power of attorney",
            "signed for and on behalf {n} signature illegible",
            "i.V. {n} Prokura",
            "p.o. {n} apoderado",
            "vekaleten {n}",
            "{n} authorised collector pick up counter",
            "bil wakala an {n}",
            "z upoważnienia {n}",
        ],
        cyr=[
            "по доверенности {n}",
            "за {n} расписался представитель",
            "{n} по нотариальной доверенности получил",
            "сенімхат {n}",
        ],
    )


def p_driver(name, rng):
    """driver, master, escort"""
    return _pick(
        rng,
        name,
        [
            "driver {n} tractor and trailer",
            "şoför {n} çekici",
            "Fahrer {n} Kennzeichen folgt",
            "chofer {n} tractocamion",
            "master {n} vessel at anchor",
            "kierowca {n} naczepa",
            "hand carry courier {n} on board",
            "conducteur {n} ensemble routier",
        ],
        cyr=[
            "водитель {n} тягач прицеп",
            "экспедитор {n} груз принял",
            "капитан {n} судно на рейде",
            "жүргізуші {n}",
        ],
    )


def p_surname_first(name, rng):
    """travel and bank systems: surname marked off by slash or comma, title at the end"""
    w = name.split()
    head, rest = w[0], " ".join(w[1:])
    if not rest:
        return _one(rng, f"{name} MR", f"Фам {name}")
    return _one(
        rng,
        f"{head}/{rest} MR",
        f"{head}, {rest} Mr",
        f"{head};{rest};M",
        f"Surname {head} Given names {rest}",
        f"Фамилия {head} Имя Отчество {rest}",
        f"{head.upper()} {rest}",
        f"apellidos {head} nombres {rest}",
        f"Soyadı {head} Adı {rest}",
    )


def p_remittance(name, rng):
    """private transfers"""
    return _pick(
        rng,
        name,
        [
            "family maintenance {n} gift",
            "remesa familiar {n}",
            "cash pickup {n} secret question set",
            "hawala li {n} musaada ailiya",
            "own account transfer {n} savings",
            "tuition fees {n} autumn term",
            "kendi hesabına {n} virman",
            "medical treatment {n} Munich clinic",
            "property purchase {n} villa deposit",
            "przekaz dla {n} darowizna",
        ],
        cyr=[
            "материальная помощь {n} перевод близкому родственнику",
            "перевод собственных средств {n} между счетами",
            "пополнение карты {n}",
            "в пользу {n} дарение",
            "{n} көмек ақша аударымы",
        ],
    )


def p_file_marks(name, rng):
    """marks of a bank's or compliance file"""
    return _pick(
        rng,
        name,
        [
            "PEP {n} enhanced due diligence",
            "{n} dormant customer no mail",
            "VIP desk {n} relationship closed",
            "walk in {n} non customer",
            "NRI {n} minor major flag",
            "{n} verstorben",
            "{n} signature card missing",
            "cliente {n} bloqueo judicial",
            "Nm {n} CtryOfRes RU",
            "BENEF {n} OUR REF NONREF",
        ],
        cyr=[
            "нерезидент {n} досье не обновлено",
            "физ лицо {n} арест счета",
            "{n} клиент закрыт",
            "ПДЛ {n} уровень риска высокий",
        ],
    )


PERSON_KINDS: dict[str, Callable[[str, random.Random], str]] = {
    f.__name__[2:]: f
    for f in (
        p_document,
        p_salary,
        p_office,
        p_sole_trader,
        p_courtesy,
        p_family,
        p_baggage,
        p_proxy,
        p_driver,
        p_surname_first,
        p_remittance,
        p_file_marks,
    )
}


if __name__ == "__main__":
    assert len(FIRM_KINDS) == 24 and len(PERSON_KINDS) == 12
    firms = [
        "Uralvagonzavod JSC",
        "АО Концерн Созвездие",
        "Technopole Company",
        "Kalashnikov Concern",
        "ООО Завод Ромашка",
    ]
    people = ["Ivanov Sergei Petrovich", "Иванов Сергей Петрович", "Anna Weber", "Ким", "Petrov Oleg"]
    for kinds, names in ((FIRM_KINDS, firms), (PERSON_KINDS, people)):
        for k, f in kinds.items():
            for i, n in enumerate(names):
                for s in range(50):
                    f(n, random.Random(s))
                print(f"{k:18}{f(n, random.Random(i * 7 + len(k)))!r}")
