# SPDX-License-Identifier: Apache-2.0

"""Noise in the name field: ERP/CRM exports, hand-typed sheets, OCR of invoices,
e-mail signatures, KYC questionnaires, end-user certificates."""

import random
from collections.abc import Callable

# ---------------------------------------------------------------- helpers

_WRITTEN = {
    "JSC": ["Joint Stock Company", "Société par actions", "Aktiengesellschaft russischen Rechts"],
    "PJSC": ["Public Joint Stock Company", "Public Joint-Stock Company"],
    "OJSC": ["Open Joint Stock Company"],
    "CJSC": ["Closed Joint Stock Company"],
    "AO": ["Aktsionernoe Obshchestvo", "Joint Stock Company"],
    "OAO": ["Open Joint Stock Company", "Otkrytoe Aktsionernoe Obshchestvo"],
    "ZAO": ["Closed Joint Stock Company", "Zakrytoe Aktsionernoe Obshchestvo"],
    "PAO": ["Public Joint Stock Company", "Publichnoe Aktsionernoe Obshchestvo"],
    "OOO": ["Obshchestvo s Ogranichennoy Otvetstvennostyu", "Limited Liability Company"],
    "LLC": ["Limited Liability Company", "Société à responsabilité limitée"],
    "LTD": ["Limited", "Private Limited Company"],
    "LIMITED": ["Limited Company"],
    "INC": ["Incorporated"],
    "CORP": ["Corporation"],
    "CO": ["Company"],
    "PLC": ["Public Limited Company"],
    "LLP": ["Limited Liability Partnership"],
    "GMBH": ["Gesellschaft mit beschränkter Haftung"],
    "AG": ["Aktiengesellschaft"],
    "KG": ["Kommanditgesellschaft"],
    "SA": ["Sociedad Anónima", "Société Anonyme"],
    "SAS": ["Société par actions simplifiée"],
    "SARL": ["Société à responsabilité limitée"],
    "SRL": ["Società a responsabilità limitata", "Sociedad de Responsabilidad Limitada"],
    "SPA": ["Società per azioni"],
    "SL": ["Sociedad Limitada"],
    "FSUE": ["Federal State Unitary Enterprise"],
    "FGUP": ["Federal State Unitary Enterprise"],
    "FZE": ["Free Zone Establishment"],
    "FZCO": ["Free Zone Company"],
    "BV": ["Besloten Vennootschap"],
    "NV": ["Naamloze Vennootschap"],
    "АО": ["Акционерное общество", "акционерного общества"],
    "ПАО": ["Публичное акционерное общество"],
    "ОАО": ["Открытое акционерное общество"],
    "ЗАО": ["Закрытое акционерное общество"],
    "ООО": ["Общество с ограниченной ответственностью"],
    "ФГУП": ["Федеральное государственное унитарное предприятие"],
    "НПО": ["Научно-производственное объединение"],
    "НПП": ["Научно-производственное предприятие"],
    "НПАО": ["Непубличное акционерное общество"],
    "ИП": ["Индивидуальный предприниматель"],
}


def _key(tok: str) -> str:
    return tok.strip(",;()").replace(".", "").upper()


def _split(name: str):
    """(form, core): the legal form at the end or at the front, '' if none."""
    t = name.split()
    tail = []
    while len(t) > 1 and _key(t[-1]) in _WRITTEN and len(tail) < 2:
        tail.insert(0, t.pop())
    if tail:
        return " ".join(tail), " ".join(t).rstrip(",")
    if len(t) > 1 and _key(t[0]) in _WRITTEN:
        return t[0], " ".join(t[1:])
    return "", name


def _out(form: str, rng: random.Random) -> str:
    return " ".join(rng.choice(_WRITTEN[_key(f)]) for f in form.split())


def _cyr(s: str) -> bool:
    return sum("\u0400" <= c <= "\u04ff" for c in s) * 2 > sum(c.isalpha() for c in s)


def _kind(*templates: str) -> Callable[[str, random.Random], str]:
    """{n} the name; {d} a small number; {x} a longer one; the rest is the noise."""

    def f(name: str, rng: random.Random) -> str:
        s = rng.choice(templates)
        s = s.replace("{d}", str(rng.randint(2, 90))).replace("{x}", str(rng.randint(10021, 98765)))
        return s.replace("{n}", name)

    return f


_OCR_L = [
    ("O", "0"),
    ("o", "0"),
    ("l", "1"),
    ("I", "l"),
    ("m", "rn"),
    ("B", "8"),
    ("S", "5"),
    ("e", "c"),
    ("rn", "m"),
    ("h", "b"),
    ("i", "l"),
    ("u", "ii"),
    ("A", "4"),
    ("E", "F"),
    ("N", "H"),
    ("R", "P"),
]
_OCR_C = [
    ("й", "и"),
    ("ш", "щ"),
    ("О", "0"),
    ("о", "0"),
    ("З", "3"),
    ("з", "э"),
    ("п", "л"),
    ("б", "6"),
    ("и", "н"),
    ("ц", "и"),
    ("е", "с"),
    ("н", "и"),
    ("в", "з"),
    ("И", "Н"),
    ("Н", "И"),
    ("Е", "Б"),
]


def _misread(name: str, rng: random.Random) -> str:
    """One letter group read wrongly, in a word of five letters or more, not its first letter."""
    spots = []
    pos = 0
    for w in name.split(" "):
        if len(w) >= 5:
            for a, b in _OCR_C if _cyr(w) else _OCR_L:
                for i in range(1, len(w)):
                    if w.startswith(a, i):
                        spots.append((pos + i, a, b))
        pos += len(w) + 1
    if not spots:
        return name
    i, a, b = rng.choice(spots)
    return name[:i] + b + name[i + len(a) :]


_LOOK = dict(zip("aeopcxyABCEHKMOPTX", "аеорсхуАВСЕНКМОРТХ", strict=False))
_LOOK.update({v: k for k, v in list(_LOOK.items())})


def _lookalike(name: str, rng: random.Random) -> str:
    spots = [i for i, c in enumerate(name) if c in _LOOK]
    k = min(len(spots), rng.randint(1, 4))
    out = list(name)
    for i in rng.sample(spots, k):
        out[i] = _LOOK[out[i]]
    return "".join(out)


# ---------------------------------------------------------------- firms


def _f_ocr_misread(name, rng):
    n = _misread(name, rng)
    t = rng.choice(
        [
            "Invoicc to {n}",
            "{n} lnvoice date",
            "Rechnungsernpfänger {n}",
            "Dcstinataire {n} Pagc 1",
            "Facturar a: {n}",
            "Покупатсль {n}",
            "Bi11 to {n} Total due",
            "lntestatario {n}",
            "{n} Seite 1 von 2",
            "Грузополучатель: {n} и его адрсс",
        ]
    )
    return t.replace("{n}", n)


def _f_cut35(name, rng):
    """Field of 35 characters: the words after the name, or its own end, fall off."""
    room = 35 - min(len(name), 26)
    pre = [
        p
        for p in ["", "", "Fa. ", "Spett.le ", "Kunde ", "Ets ", "Cliente ", "Покуп. ", "Client final "]
        if len(p) <= room
    ]
    post = rng.choice(
        [
            " Abteilung Wareneingang Zentrallager Halle Nord",
            " service comptabilité fournisseurs bâtiment B",
            " ufficio acquisti stabilimento di produzione",
            " departamento de compras planta segunda",
            " отдел материально-технического снабжения",
            " purchasing department overseas projects division",
            " magasin général et pièces de rechange",
            " Niederlassung für Anlagenbau und Service",
        ]
    )
    return (rng.choice(pre) + name + post)[:35].rstrip()


def _f_lookalike(name, rng):
    n = _lookalike(name, rng)
    return rng.choice(
        [
            "{n}",
            "клиент {n}",
            "{n} договор",
            "{n} (нов)",
            "{n} old price list",
            "плательщик {n}",
            "via Ufficio Mosca {n}",
        ]
    ).replace("{n}", n)


def _f_form_glued(name, rng):
    form, core = _split(name)
    if not form:  # no form to glue: the box label or the department is glued
        return rng.choice(
            [
                "Kunde:{n}",
                "Client_{n}",
                "{n}/Einkauf",
                "Cliente-{n}",
                "{n}_siège",
                "плательщик:{n}",
                "{n}-склад",
                "客户{n}",
                "{n}/ufficio acquisti",
            ]
        ).replace("{n}", name)
    form = form.replace(" ", "")
    s = rng.choice(
        [core + form, form + core, core + "," + form, form + "_" + core, form + "-" + core, core + "/" + form]
    )
    return rng.choice(
        ["{s}", "Kunde {s}", "{s} siège", "{s} Lager", "cliente {s}", "{s} бухгалтерия"]
    ).replace("{s}", s)


def _f_form_written_doubled(name, rng):
    form, core = _split(name)
    if form:
        w = _out(form, rng)
        return rng.choice(
            [
                f"{w} {core} {form}",
                f"{core} {form} {w}",
                f"{core}, {w}",
                f"{form} {core} {form}",
                f"{w} {core}",
                f"{core} {w} {form}",
                f"{form} {w} {core}",
                f"{core} ({form}) {w}",
            ]
        )
    if _cyr(name):
        return rng.choice(
            [
                f"Организация {name} юридическое лицо",
                f"Предприятие {name} форма собственности частная",
                f"Юридическое лицо {name} резидент",
            ]
        )
    return rng.choice(
        [
            f"Firma {name} Rechtsform unbekannt",
            f"{name} Company Limited Co Ltd",
            f"Ditta {name} società di capitali",
            f"Société {name} forme juridique à préciser",
            f"The Company {name} a legal entity",
            f"Sociedad Mercantil {name}",
        ]
    )


FIRM_KINDS: dict[str, Callable[[str, random.Random], str]] = {
    # --- letters, spacing, cut: four kinds
    "ocr_misread_letter": _f_ocr_misread,
    "cut_after_35": _f_cut35,
    "mixed_alphabet_letters": _f_lookalike,
    "legal_form_glued": _f_form_glued,
    # --- legal form
    "legal_form_written_out_or_doubled": _f_form_written_doubled,
    # --- ERP / CRM
    "erp_master_status_de": _kind(
        "gesperrt {n}",
        "nicht mehr verwenden {n}",
        "{n} Dublette bitte löschen",
        "Löschvormerkung {n}",
        "{n} nur gegen Vorkasse",
        "ALT {n} neuer Stammsatz angelegt",
        "{n} Mahnsperre bis auf Widerruf",
        "Achtung Bonität {n} Rücksprache Vertrieb",
        "XXX {n} XXX",
        "{n} ruht",
        "Einmalkunde {n} diverse",
        "{n} Kreditlimit überschritten Liefersperre",
    ),
    "erp_master_status_fr": _kind(
        "ne plus utiliser {n}",
        "{n} compte soldé",
        "doublon {n} à fusionner",
        "{n} client bloqué contentieux",
        "ancien compte {n} reprise des données",
        "{n} mis en sommeil",
        "prospect {n} à qualifier",
        "{n} encours dépassé voir direction",
        "client divers {n} comptoir",
        "à supprimer {n} en fin d'exercice",
        "{n} relance numéro {d} envoyée",
    ),
    "erp_master_status_es_it": _kind(
        "dado de baja {n}",
        "{n} cliente moroso",
        "NO USAR {n} duplicado",
        "{n} pendiente de alta",
        "bloqueado por riesgos {n} consultar",
        "non utilizzare {n}",
        "{n} anagrafica obsoleta",
        "cliente sospeso {n} fido esaurito",
        "{n} in attesa di codice destinatario",
        "fornitore occasionale {n}",
        "{n} proveedor homologado",
        "contado {n} sin crédito",
    ),
    "erp_partner_function": _kind(
        "Warenempfänger {n} abweichender Regulierer",
        "Auftraggeber {n}",
        "sold to party {n} ship to same",
        "Regulierer {n} Konzernzentrale",
        "payeur divers {n} livré franco",
        "intercompany {n} elimination",
        "{n} donneur d'ordre",
        "Debitor {n} Kontengruppe Ausland",
        "{n} destinazione merce diversa",
        "Z00{d} {n} ausländische Debitoren",
        "titular {n} destinatario de mercancía",
        "головной контрагент {n} обособленное подразделение",
        "Kreditor {n} Sammelkonto Übersee",
        "bill to {n} parent account",
    ),
    "crm_pipeline_words": _kind(
        "warm lead {n}",
        "{n} renewal closed won",
        "opportunity {n} spare parts second half",
        "lost to competitor {n} retry next year",
        "{n} key account tier one",
        "follow up {n} after trade fair",
        "Messekontakt {n} Rückruf erwünscht",
        "{n} piste chaude salon du Bourget",
        "oportunidad {n} en negociación",
        "{n} trattativa in corso",
        "холодный звонок {n} перезвонить",
        "converted from lead {n} do not email",
        "{n} newsletter abgemeldet",
        "重点客户 {n} 待跟进",
    ),
    "system_leftovers": _kind(
        "nan {n} None",
        "NULL {n}",
        "#N/A {n}",
        "{n}_x000D_",
        "{n} (copy) (2)",
        "TEST {n} do not post",
        "{n};;;EUR",
        "'{n}",
        "migrated {n} legacy",
        "MIGR {n} Altsystem",
        "[External] {n}",
        "{n} - Standard -",
        "<br>{n}<br>",
        "undefined {n} true",
        "{n} | default | {x}",
        "importé {n} ligne {d}",
    ),
    # --- typed by hand
    "sheet_remark_en": _kind(
        "{n} same as above",
        "new one {n} ask Monika first",
        "{n} tbc",
        "think this is {n} please check",
        "{n} goods still in the yard",
        "as per last month {n}",
        "{n} paid half rest on arrival",
        "not sure {n} maybe agent only",
        "{n} see other tab",
        "ok {n} sent Tuesday",
        "{n} two lots one cancelled",
        "real buyer {n} not the forwarder",
    ),
    "sheet_remark_ru": _kind(
        "новый клиент {n} от Марины",
        "{n} ждём оригиналы",
        "оплатили не полностью {n}",
        "{n} см. выше",
        "через брокера {n} растаможка за ними",
        "тот же что и в мае {n}",
        "{n} перевыставить счёт",
        "срочно!! {n}",
        "{n} самовывоз со склада",
        "возврат от {n} брак",
        "заказ {n} отгружен частично",
        "уточнить у {n} реквизиты",
    ),
    "sheet_remark_zh": _kind(
        "老客户 {n} 月结",
        "{n} 已付定金",
        "新客户{n}待确认",
        "{n} 尾款未付",
        "代理 {n} 转口",
        "同上 {n} 第二批",
        "{n} 样品单",
        "俄罗斯客户{n}",
        "{n}（急单）",
        "货代说是 {n} 请核实",
    ),
    # --- OCR of invoices: labels of the neighbouring boxes
    "ocr_neighbour_labels": _kind(
        "Bill To Ship To {n} Terms",
        "Sold to {n} Salesperson Due Date",
        "Facturé à {n} Livré à",
        "Doit {n} Échéance Mode de règlement",
        "Cliente {n} Forma de pago Vencimiento",
        "Destinatario {n} Luogo di destinazione idem",
        "Ihre Bestellung {n} Unser Zeichen",
        "Rechnungsanschrift {n} Kundennummer Datum Seite",
        "Продавец Покупатель {n} Валюта",
        "购买方 名称 {n} 纳税人识别号",
        "Original for recipient {n} Duplicate for transporter",
        "Cedente Cessionario {n} Causale vendita",
        "Page 1 of {d} {n} continued overleaf",
    ),
    "stamp_and_signature_block": _kind(
        "lu et approuvé {n} cachet de l'entreprise",
        "Stempel und Unterschrift {n}",
        "timbro e firma {n} per accettazione",
        "firma y sello {n} conforme",
        "генеральный директор {n} подпись печать",
        "М.П. {n}",
        "for and on behalf of {n} authorised signatory",
        "盖章 {n} 授权代表",
        "bon pour accord {n} le gérant",
        "i.V. {n} i.A.",
        "received in good order {n} storekeeper",
        "принял кладовщик {n} по доверенности",
    ),
    # --- letters and mail
    "signature_west": _kind(
        "Mit freundlichen Grüßen {n} Vertriebsinnendienst",
        "Kind regards {n} please consider the environment before printing",
        "Cordialement {n} service achats",
        "Saludos cordiales {n} departamento de compras",
        "Cordiali saluti {n} ufficio spedizioni",
        "On behalf of the whole team at {n}",
        "{n} a member of the group an equal opportunity employer",
        "Sent by the procurement desk of {n}",
        "Bien à vous la direction export de {n}",
        "Im Auftrag {n} Zentraler Einkauf Diese Nachricht ist vertraulich",
        "Un saludo desde {n}",
    ),
    "signature_ru_zh": _kind(
        "С уважением отдел снабжения {n}",
        "{n} ведущий специалист отдела ВЭД",
        "С уважением коллектив {n}",
        "отправлено из мобильной почты {n}",
        "С наилучшими пожеланиями {n} служба главного инженера",
        "此致 敬礼 {n} 采购部",
        "祝商祺 {n}",
        "{n} 国际贸易部 经理",
        "顺颂商祺 {n} 进出口科",
        "тендерный комитет {n} добрый день",
        "{n} канцелярия входящее",
    ),
    "courtesy_address": _kind(
        "Spett.le Ditta {n}",
        "Messrs. {n} and others concerned",
        "An die Geschäftsleitung der Firma {n}",
        "A l'aimable attention de la société {n}",
        "Muy señores nuestros {n}",
        "Pregiata società {n} cortese ufficio acquisti",
        "Уважаемые коллеги из {n}",
        "尊敬的 {n} 贵公司",
        "Estimados amigos de {n}",
        "To whom it may concern at {n}",
        "Werte Kollegen von {n}",
        "руководству предприятия {n} лично в руки",
        "Gent.ma {n} a mano",
    ),
    # --- KYC and end use
    "kyc_answer": _kind(
        "full legal name as registered {n}",
        "{n} see attached structure chart",
        "Ragione sociale {n} titolare effettivo come da visura",
        "Denominación social {n} según escritura",
        "raison sociale {n} extrait Kbis joint",
        "laut Handelsregister {n}",
        "полное наименование {n} согласно уставу",
        "yes majority shareholder is {n}",
        "no change since last review {n}",
        "{n} not listed regulated entity no",
        "parent undertaking {n} holds all shares",
        "бенефициар через {n} доля блокирующая",
        "公司全称 {n} 与营业执照一致",
        "wirtschaftlich Berechtigter über {n} mittelbar",
        "N/A {n} exempt",
    ),
    "end_user_certificate": _kind(
        "we the undersigned {n} hereby certify",
        "nous soussignés {n} utilisateur final",
        "Endverbleib bei {n} zivile Verwendung",
        "конечный пользователь {n} обязуется не передавать третьим лицам",
        "la sottoscritta {n} dichiara uso civile",
        "el abajo firmante {n} usuario final",
        "Wir {n} versichern den Verbleib im Empfangsland",
        "最终用户 {n} 仅限民用",
        "final consignee {n} for own use in oil refinery",
        "the goods will be installed at {n} and not re-exported",
        "{n} end user not intermediate consignee",
        "pour les besoins propres de {n} sans réexportation",
    ),
    # --- money, place, history
    "payment_terms": _kind(
        "acompte trente pour cent {n} solde avant expédition",
        "Akkreditiv {n} unwiderruflich",
        "{n} sixty days end of month",
        "bonifico anticipato {n}",
        "{n} pago a la vista",
        "Skonto gewährt {n}",
        "предоплата {n} остаток по факту",
        "{n} net thirty proforma only",
        "gutschrift {n} Reklamation",
        "avoir {n} retour marchandise",
        "{n} 电汇 预付",
        "abono parcial {n} factura rectificativa",
        "взаимозачёт с {n} акт сверки",
        "TT {n} balance against copy documents",
    ),
    "plant_and_department": _kind(
        "almacén central de {n} nave tres",
        "planta de {n} en Zaragoza",
        "Werk Süd {n} Tor {d}",
        "magazzino ricambi {n} stabilimento di Brescia",
        "usine {n} quai de réception",
        "цех сборки {n} Нижний Тагил",
        "склад № {d} {n}",
        "{n} calibration laboratory second floor",
        "Wareneingang {n} Halle Nord",
        "filiale {n} Casablanca",
        "{n} representación en Caracas",
        "представительство {n} в Китае",
        "{n} 上海代表处",
        "site office {n} refinery project",
        "Baustelle {n} Container Bauleitung",
    ),
    "history_and_insolvency": _kind(
        "vormals {n} jetzt umfirmiert",
        "ex {n} en redressement judiciaire",
        "già {n} ora in liquidazione",
        "antes {n} absorbida por fusión",
        "бывшее {n} в стадии банкротства",
        "{n} ликвидировано правопреемник неизвестен",
        "successor to the business of {n}",
        "{n} i.L.",
        "{n} in amministrazione straordinaria",
        "{n} en concurso de acreedores",
        "原 {n} 已更名",
        "Insolvenzmasse {n}",
        "former {n} rebranded last year",
        "{n} under external management",
    ),
}

# ---------------------------------------------------------------- persons


def _p_misread(name, rng):
    n = _misread(name, rng)
    return rng.choice(
        [
            "Passeport {n}",
            "Titolare {n} firma",
            "Herr {n} Untcrschrift",
            "{n} Dirccteur",
            "Фамилия имя {n}",
            "Signed by: {n}",
            "{n} подписъ",
            "Sr. {n}",
        ]
    ).replace("{n}", n)


def _p_caps_comma(name, rng):
    t = name.split()
    if len(t) < 2:
        return rng.choice(["Mr ", "Herrn ", "г-н ", "M. "]) + name.upper()
    first, rest = t[0], " ".join(t[1:])
    return rng.choice(
        [
            f"{first.upper()}, {rest} (Mr)",
            f"{first.upper()} {rest} directeur",
            f"{first.upper()}; {rest}; Einkauf",
            f"Sig. {rest} {first.upper()}",
            f"{rest} {first.upper()} apoderado",
            f"{first.upper()} / {rest} / подпись",
            f"nom {first.upper()} prénoms {rest}",
            f"Cognome {first} Nome {rest}",
            f"Nachname {first} Vorname {rest}",
        ]
    )


PERSON_KINDS: dict[str, Callable[[str, random.Random], str]] = {
    "ocr_misread_letter": _p_misread,
    "capitals_comma_family_first": _p_caps_comma,
    "courtesy_and_degree": _kind(
        "Egr. Sig. {n}",
        "Herrn Dipl.-Ing. {n}",
        "Monsieur le Directeur {n}",
        "Ilmo. Sr. Don {n}",
        "гражданин {n}",
        "{n} 先生",
        "уважаемый {n} лично",
        "Gent.mo Dott. {n} sue proprie mani",
        "His Excellency {n}",
        "Prof. Dr. habil. {n} Lehrstuhl für Optik",
        "{n} кандидат технических наук",
        "Maître {n} avocat au barreau",
        "尊敬的 {n} 女士",
    ),
    "crm_contact_remark": _kind(
        "{n} left the company",
        "spoke to {n} prefers calls before noon",
        "decision maker {n} no English",
        "{n} Ansprechpartner in Elternzeit",
        "ne plus contacter {n} parti à la retraite",
        "{n} sostituito da collega",
        "contacto principal {n} habla francés",
        "{n} уволился",
        "бывший закупщик {n} теперь у конкурентов",
        "联系人 {n} 已离职",
        "gatekeeper {n} very friendly",
    ),
    "mail_signature": _kind(
        "Best regards {n} Senior Buyer",
        "Sent from my iPhone {n}",
        "Mit freundlichen Grüßen {n} Leiter Einkauf Ausland",
        "Bien cordialement {n} assistante commerciale",
        "С уважением {n} ведущий инженер",
        "Un cordial saludo {n} jefe de almacén",
        "Cordiali saluti {n} responsabile qualità",
        "{n} he him Global Sourcing",
        "i.A. {n} Sekretariat der Geschäftsführung",
        "此致 {n} 采购经理",
        "Thanks and warm wishes {n} on leave until Monday",
    ),
    "kyc_person_answer": _kind(
        "beneficial owner {n} indirect holding",
        "{n} not a politically exposed person",
        "bénéficiaire effectif {n} usufruitier",
        "titolare effettivo {n} residente all'estero",
        "wirtschaftlich Berechtigter {n} kein PEP",
        "titular real {n} administrador único",
        "бенефициарный владелец {n} не является ИПДЛ",
        "representative by power of attorney {n}",
        "实际控制人 {n} 持股",
        "source of wealth {n} sale of real estate",
        "settlor {n} family trust",
        "{n} declared verbally no documents",
    ),
    "end_use_signatory": _kind(
        "duly authorised to sign {n} for the end user",
        "je soussigné {n} certifie",
        "il sottoscritto {n} legale rappresentante",
        "der Unterzeichner {n} bestätigt den Endverbleib",
        "yo {n} en calidad de usuario final",
        "я {n} подтверждаю гражданское применение",
        "{n} signing in the presence of the notary",
        "授权签字人 {n} 盖章有效",
        "в лице {n} действующего на основании устава",
        "vertreten durch {n} einzelvertretungsberechtigt",
        "représentée par {n} ès qualités",
    ),
    "birth_and_papers": _kind(
        "born in Sverdlovsk {n} Russian national",
        "{n} nato a Mosca cittadinanza russa",
        "né à Kazan {n} nationalité russe",
        "wohnhaft in Wien {n} Aufenthaltstitel vorgelegt",
        "паспорт выдан {n} ОВД района",
        "{n} с пропиской в Туле",
        "natural de Minsk {n} con permiso de residencia",
        "护照持有人 {n} 国籍俄罗斯",
        "holder of diplomatic passport {n}",
        "{n} carte de séjour périmée",
        "seaman's book {n} second engineer",
    ),
    "erp_user_and_cost_centre": _kind(
        "Sachbearbeiter {n} Kostenstelle {x}",
        "responsable achats {n} poste interne",
        "angelegt von {n} am Monatsletzten",
        "Vertreter {n} Gebiet Ost",
        "agente {n} zona nord est provvigioni",
        "comercial asignado {n}",
        "ответственный менеджер {n} группа экспорт",
        "employee vendor {n} travel expenses",
        "{n} notes de frais",
        "Mitarbeiterkonto {n} Reisekosten",
        "制单人 {n} 审核",
        "personale viaggiante {n} anticipo contanti",
    ),
    "sheet_remark_person": _kind(
        "cash from {n} no receipt",
        "{n} picks up himself",
        "ask for {n} at the gate",
        "водитель {n} доверенность есть",
        "от {n} наличными",
        "{n} приедет в пятницу",
        "viene {n} a recoger",
        "ritira {n} con furgone",
        "holt {n} persönlich ab",
        "passera {n} vendredi",
        "{n} 自提",
        "cousin of the owner {n} I think",
        "{n} (the tall one from Tula)",
    ),
    "account_and_family": _kind(
        "{n} and spouse joint account",
        "heirs of the late {n}",
        "herederos de {n}",
        "Erbengemeinschaft nach {n}",
        "conto cointestato {n} e coniuge",
        "succession {n} étude notariale",
        "индивидуальный предприниматель {n}",
        "{n} minor represented by mother",
        "за обучение {n} доплата",
        "{n} autónomo",
        "ditta individuale {n}",
        "indivision {n} gérance",
        "{n} personal funds not company",
    ),
    "company_post_around": _kind(
        "Geschäftsführer {n} alleiniger Gesellschafter",
        "gérant {n} associé majoritaire",
        "amministratore unico {n} pro tempore",
        "директор {n} главный бухгалтер он же",
        "consejero delegado {n} saliente",
        "chairman {n} of the supervisory board",
        "法定代表人 {n} 兼总经理",
        "конкурсный управляющий {n}",
        "acting head of logistics {n} until further notice",
        "liquidateur {n} nommé par jugement",
        "Prokurist {n} ausgeschieden",
        "commercialista {n} per conto terzi",
    ),
}

assert len(FIRM_KINDS) == 24, len(FIRM_KINDS)
assert len(PERSON_KINDS) == 12, len(PERSON_KINDS)

if __name__ == "__main__":
    firms = [
        "Uralvagonzavod JSC",
        "АО Концерн Созвездие",
        "OOO Nordwest Trading",
        "Shenzhen Bright Optics Co., Ltd.",
        "Научно-исследовательский институт приборов",
        "Ministry of Machine Building",
    ]
    persons = [
        "Ivanov Sergei Petrovich",
        "Иванов Сергей Петрович",
        "Maria Kuznetsova",
        "Li Wei",
        "Нурматов Алишер",
    ]
    for kinds, names in ((FIRM_KINDS, firms), (PERSON_KINDS, persons)):
        for k, f in kinds.items():
            for i, n in enumerate(names):
                rng = random.Random(f"{k}{i}")
                outs = {f(n, rng) for _ in range(40)}
                for s in outs:
                    assert isinstance(s, str) and s.strip() and "{" not in s, (k, s)
                assert len(outs) >= 3, (k, n, outs)
                print(f"{k:36} {f(n, rng)}")
