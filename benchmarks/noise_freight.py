# SPDX-License-Identifier: Apache-2.0

"""Noise as it stands in name fields of freight papers (sea, air, road, parcel, warehouse)."""

import random
import re
from collections.abc import Callable

Rng = random.Random


def _cyr(n: str) -> bool:
    return bool(re.search("[А-Яа-яЁё]", n))


def _pick(n: str, r: Rng, lat: list[str], cyr: list[str] | None = None) -> str:
    """Fill one wording. A Cyrillic name mostly stands in a Russian paper, now and then in a foreign one."""
    pool = lat
    if cyr and _cyr(n):
        pool = cyr if r.random() < 0.8 else lat
    return _fill(r.choice(pool), n, r)


_PORTS = [
    "HAMBURG",
    "BREMERHAVEN",
    "GDYNIA",
    "GDANSK",
    "MERSIN",
    "AMBARLI",
    "HAYDARPASA",
    "IZMIR ALSANCAK",
    "NINGBO",
    "QINGDAO",
    "TIANJIN XINGANG",
    "YANTIAN",
    "SHANGHAI",
    "POTI",
    "CONSTANTA",
    "ROTTERDAM",
    "ANTWERP",
    "KLAIPEDA",
    "RIGA",
    "JEBEL ALI",
]
_PORTS_RU = ["Новороссийск", "Владивосток", "Санкт-Петербург", "Калининград", "Находка", "Поти", "Актау"]
_PORTS_ZH = ["宁波", "青岛", "天津新港", "上海洋山", "深圳盐田", "大连", "满洲里"]
_SHIPS = [
    "NORDIC HERON",
    "ELBE PIONEER",
    "HANSA LARK",
    "YILDIZ BEY",
    "BALTIC ALDER",
    "GOLDEN CRANE 6",
    "KAPTAN SELIM",
]


def _fill(t: str, n: str, r: Rng) -> str:
    pp = r.sample(_PORTS, 2)
    sub = {
        "port": pp[0],
        "port2": pp[1].title(),
        "ruport": r.choice(_PORTS_RU),
        "zhport": r.choice(_PORTS_ZH),
        "ship": r.choice(_SHIPS),
        "d": str(r.randint(2, 28)),
        "dd": str(r.randint(11, 96)),
        "kg": str(r.randint(120, 23800)),
        "voy": f"{r.randint(10, 480):03d}{r.choice('EWNS')}",
        "L": r.choice("ABCDEFGK"),
    }
    # the name last, so that nothing in it can be mistaken for a placeholder
    out = re.sub(r"\{(\w+)\}", lambda m: "\0" if m[1] == "n" else sub[m[1]], t)
    return out.replace("\0", n)


# ------------------------------------------------------------------ firms


def to_order(n, r):
    return _pick(
        n,
        r,
        [
            "TO THE ORDER OF {n}",
            "UNTO ORDER OF {n} OR ASSIGNS",
            "{n} OR THEIR ASSIGNS",
            "ORDER {n}",
            "an die Order der Firma {n}",
            "{n} oder deren Order",
            "{n} EMRİNE",
            "{n} VEYA EMRİNE HAVALE",
            "na zlecenie {n}",
            "A LA ORDEN DE {n}",
            "凭 {n} 指示",
            "bearer of one original B/L endorsed by {n}",
        ],
        [
            "приказу {n}",
            "по приказу {n} или предъявителю",
            "{n} или по его приказу",
            "To order of {n}",
            "凭{n}指示",
        ],
    )


def release_status(n, r):
    return _pick(
        n,
        r,
        [
            "{n} TELEX RELEASED",
            "{n} surrendered at origin no original required",
            "{n} freight unpaid do not release",
            "EXPRESS RELEASE {n}",
            "awaiting D/O {n}",
            "{n} ORDİNO ALINDI",
            "ORDİNOSU KESİLMEDİ {n}",
            "{n} zwolniono po opłaceniu frachtu",
            "Freistellung erteilt {n}",
            "{n} noch nicht freigestellt",
            "{n} 已电放",
            "ROLLED TO NEXT VESSEL {n}",
            "short landed {n} balance to follow",
        ],
        [
            "{n} телекс релиз получен",
            "груз не выпущен {n}",
            "ожидает разнарядки {n}",
            "{n} выпуск разрешен",
            "коносамент сдан {n} выдать без оригинала",
        ],
    )


def goods_before(n, r):
    return _pick(
        n,
        r,
        [
            "{d} pallets machine parts {n}",
            "{d} PKGS SPARE PARTS FOR {n}",
            "STC ball bearings for account {n}",
            "{d} Paletten Ersatzteile {n}",
            "eine Kiste Werkzeug fuer {n}",
            "{d} palet części zamiennych dla {n}",
            "{d} kolli makine aksamı {n}",
            "YEDEK PARÇA {n} SİPARİŞİ",
            "used CNC lathe consigned {n}",
            "{d} cajas repuestos para {n}",
            "STEEL COILS {n} {kg} KGS",
            "轴承{d}箱 {n}",
        ],
        [
            "запчасти {n} {d} мест",
            "оборудование для нужд {n}",
            "{d} паллет подшипники {n}",
            "станок токарный б/у {n} вес брутто {kg}",
            "груз сборный инструмент {n}",
        ],
    )


def shipping_marks(n, r):
    return _pick(
        n,
        r,
        [
            "MARKS {n} {port} C/NO 1-UP MADE IN CHINA",
            "{n} {port} IN TRANSIT C/NO. 1-{dd}",
            "SIDE MARK {n} G.W. {kg} KGS",
            "MAIN MARK {n} CONTRACT GOODS HANDLE WITH CARE",
            "唛头 {n} {port} 箱号 1-{d}",
            "KEEP DRY {n} THIS SIDE UP",
            "Markierung {n} nicht stapeln",
            "NIE PIĘTROWAĆ {n} GÓRA",
            "DİKKAT KIRILIR {n} YUKARI",
            "SLING HERE {n} CENTRE OF GRAVITY",
        ],
        [
            "маркировка {n} верх не кантовать",
            "осторожно хрупкое {n} место {d}",
            "не бросать {n} г. {ruport} ящик 1",
            "МАРКИ {n} {ruport} MADE IN CHINA",
            "唛头 {n} {zhport}",
        ],
    )


def warehouse_keeping(n, r):
    return _pick(
        n,
        r,
        [
            "goods held for account of {n} in bond",
            "stored in name of {n} godown {d}",
            "{n} free zone stock Jebel Ali",
            "Einlagerer {n} Zolllager Typ C",
            "eingelagert für {n} Freihafen {port2}",
            "{n} Konsignationslager",
            "ANTREPODA {n} MALI",
            "{n} adına antrepo beyannamesi kapatılacak",
            "skład celny {n} depozyt",
            "towar złożony przez {n} magazyn {d}",
            "{n} 保税仓库存",
            "warrant holder {n} lot {L}{dd}",
            "deponente {n} almacén fiscal",
        ],
        [
            "поклажедатель {n} склад временного хранения",
            "на ответственном хранении {n}",
            "СВХ {ruport} {n} ячейка {L}{dd}",
            "{n} товар на таможенном складе",
            "хранение за счет {n}",
        ],
    )


def vessel_and_port(n, r):
    return _pick(
        n,
        r,
        [
            "MV {ship} VOY {voy} {n} POD {port}",
            "{ship} {voy} {n} {port}",
            "{port} {n} {port2} via transhipment",
            "ex {ship} {n}",
            "per Seeschiff {ship} {n} Löschhafen {port2}",
            "GEMİ {ship} {n} TAHLİYE {port}",
            "ze statku {ship} {n} nabrzeże {port2}",
            "船名 {ship} {n} {zhport}",
            "feeder {ship} {n} T/S {port}",
            "{port2} {n} on carriage by rail",
        ],
        [
            "т/х {ship} {n} порт {ruport}",
            "{ruport} {n} транзит Китай",
            "с борта {ship} {n}",
            "порт выгрузки {ruport} {n}",
            "{zhport} {n} {ruport} ж.д.",
        ],
    )


def driver_and_gate(n, r):
    return _pick(
        n,
        r,
        [
            "driver to report at {n} gate {d}",
            "deliver {n} tail lift needed",
            "Fahrer meldet sich bei {n} Tor {d}",
            "Anlieferung {n} nur mit Zeitfenster",
            "{n} Rampe {d} Entladung seitlich",
            "rozładunek {n} brama {d}",
            "kierowca jedzie na {n} awizacja dzień wcześniej",
            "boşaltma {n} deposu şoför beklesin",
            "TIR {n} FABRİKA SAHASINA GİRECEK",
            "déchargement chez {n} quai {d}",
            "送货到{n} {d}号门",
        ],
        [
            "водителю обратиться {n} проходная {d}",
            "выгрузка {n} пропуск заказать за сутки",
            "доставка до ворот {n} верхняя погрузка",
            "{n} КПП {d} въезд со стороны вокзала",
            "адрес выгрузки тот же {n} рампа {d}",
        ],
    )


def on_whose_part(n, r):
    return _pick(
        n,
        r,
        [
            "for and on behalf of {n} as merchant",
            "shipped by order and for account {n}",
            "{n} acting through forwarder",
            "im Auftrag und für Rechnung {n}",
            "i.V. Spedition {n} als Absender",
            "{n} namına ve hesabına",
            "{n} ADINA VEKALETEN GÜMRÜK MÜŞAVİRİ",
            "z polecenia i na rachunek {n}",
            "w imieniu firmy {n} agencja celna",
            "pour le compte de {n} transitaire",
            "por cuenta y orden de {n}",
            "受{n}委托报关",
            "as agents only {n} principal",
        ],
        [
            "по поручению и за счет {n}",
            "от имени {n} таможенный представитель",
            "действуя в интересах {n} экспедитор",
            "{n} через экспедитора",
            "грузоотправитель по договору поручения {n}",
        ],
    )


def parcel_drop(n, r):
    return _pick(
        n,
        r,
        [
            "{n} leave at reception",
            "left with security {n} no answer at door",
            "{n} bitte beim Pförtner abgeben",
            "Packstation umleiten {n}",
            "Abstellgenehmigung erteilt {n}",
            "{n} kurier dzwonić przed doręczeniem",
            "odbiór w punkcie {n} pobranie",
            "paczka dla {n} zostawić w biurze",
            "KAPIDA ÖDEME {n}",
            "{n} ŞUBEDEN TESLİM ALINACAK",
            "alıcı ödemeli {n} güvenliğe bırakın",
            "{n} livrer avant midi",
            "{n} 放前台",
            "快递 {n} 到付",
        ],
        [
            "{n} выдать в ПВЗ по коду",
            "курьеру оставить на проходной {n}",
            "наложенный платеж {n}",
            "посылка {n} до востребования",
            "{n} позвонить за час до доставки",
        ],
    )


def chinese_words(n, r):
    return _pick(
        n,
        r,
        [
            "收货人{n}",
            "通知人 {n} 同上",
            "{n}代收",
            "发货人 {n} {zhport}港",
            "{zhport}{n}自提",
            "{n} 客户 急件",
            "转{n}收",
            "经{zhport}口岸 {n} 过境",
            "境外收货人 {n} 俄罗斯",
            "{n}公司 采购部收",
            "提单抬头{n}",
            "买方：{n}",
        ],
    )


def freight_terms(n, r):
    return _pick(
        n,
        r,
        [
            "{n} FREIGHT COLLECT",
            "freight payable at destination by {n}",
            "CIF {port} {n}",
            "{n} DAP Malaszewicze unloaded by buyer",
            "Fracht zahlt Empfänger {n}",
            "frei Haus {n} unverzollt",
            "{n} NAVLUN PEŞİN",
            "FOB TESLİM {n} {port}",
            "fracht opłaca odbiorca {n}",
            "{n} loco magazyn",
            "port dû {n}",
            "flete pagadero en destino {n}",
            "运费到付 {n}",
            "THC for account of {n} demurrage runs",
            "bill duties and taxes {n}",
        ],
        [
            "фрахт оплачивает {n}",
            "{n} самовывоз с терминала",
            "FCA {port} {n} плательщик",
            "условия поставки DAP {ruport} {n}",
            "провозная плата {n} взыскать",
        ],
    )


_FORMS = {  # as it may stand in the name -> written out or in other tongues
    "JSC": ["Joint Stock Company", "Aktiengesellschaft", "Spółka Akcyjna", "Anonim Şirketi"],
    "OJSC": ["Open Joint Stock Company", "Offene Aktiengesellschaft"],
    "PJSC": ["Public Joint Stock Company", "Public JSC"],
    "LLC": ["Limited Liability Company", "Gesellschaft mit beschränkter Haftung", "Limited Şirketi"],
    "OOO": ["Obshchestvo s ogranichennoy otvetstvennostyu", "Limited Liability Company"],
    "AO": ["Aktsionernoe Obshchestvo", "Joint Stock Company"],
    "OAO": ["Otkrytoe Aktsionernoe Obshchestvo"],
    "ZAO": ["Zakrytoe Aktsionernoe Obshchestvo"],
    "PAO": ["Publichnoe Aktsionernoe Obshchestvo"],
    "FGUP": ["Federal State Unitary Enterprise"],
    "FSUE": ["Federal State Unitary Enterprise"],
    "LTD": ["Limited", "Limited Company"],
    "LTD.": ["Limited"],
    "LIMITED": ["Ltd"],
    "GMBH": ["Gesellschaft m.b.H."],
    "CO": ["Company"],
    "CO.": ["Company"],
    "CORP": ["Corporation"],
    "CORP.": ["Corporation"],
    "INC": ["Incorporated"],
    "АО": ["Акционерное общество"],
    "ОАО": ["Открытое акционерное общество"],
    "ПАО": ["Публичное акционерное общество"],
    "ЗАО": ["Закрытое акционерное общество"],
    "ООО": ["Общество с ограниченной ответственностью"],
    "ФГУП": ["Федеральное государственное унитарное предприятие"],
    "НПО": ["Научно-производственное объединение"],
}


def _split_form(n: str):
    """(form, rest, stood_first) or (None, n, False)"""
    w = n.split()
    if len(w) > 1:
        if w[-1].strip(",").upper() in _FORMS:
            return w[-1].strip(","), " ".join(w[:-1]).rstrip(","), False
        if w[0].strip(",").upper() in _FORMS:
            return w[0].strip(","), " ".join(w[1:]), True
    return None, n, False


def form_moved_or_written_out(n, r):
    f, rest, first = _split_form(n)
    if not f:
        return _pick(
            n,
            r,
            [
                "Fa. {n}",
                "Firma {n}",
                "the company {n}",
                "şirketi {n}",
                "Przedsiębiorstwo {n}",
                "{n} firması",
                "Sté {n}",
                "Empresa {n}",
            ],
            ["предприятие {n}", "фирма {n}", "организация {n}", "юр. лицо {n}"],
        )
    out = r.choice(_FORMS[f.upper()])
    return r.choice(
        [
            f"{rest} {f}" if first else f"{f} {rest}",
            f"{out} {rest}",
            f"{rest} {out}",
            f"{out} {n}",
            f"{f} {rest} {f}",
            f"{rest}, {out} ({f})",
        ]
    )


def form_glued(n, r):  # spacing kind
    f, rest, _first = _split_form(n)
    if not f:
        f = "ООО" if _cyr(n) else r.choice(["LTD", "AS", "SPZOO", "GMBH", "JSC"])
        return r.choice([f"{f}{n}", f"{n}{f}"])
    return r.choice([f"{f}{rest}", f"{rest}{f}", f"{f}.{rest}", f"{f}{rest} {f}"])


def foreign_form_added(n, r):
    return _pick(
        n,
        r,
        [
            "{n} SANAYİ VE TİCARET ANONİM ŞİRKETİ",
            "{n} DIŞ TİC. LTD. ŞTİ.",
            "{n} Sp. z o.o. oddział w Polsce",
            "{n} Niederlassung Deutschland GmbH i.G.",
            "{n} Zweigstelle {port2}",
            "{n} Przedstawicielstwo w Polsce",
            "{n} rep. office Shanghai",
            "{n} İRTİBAT BÜROSU",
            "{n} 有限公司 驻{zhport}办事处",
            "{n} FZE branch Jebel Ali",
            "{n} sucursal en España",
            "{n} et Cie succursale",
        ],
        [
            "{n} филиал в г. {ruport}",
            "обособленное подразделение {n}",
            "{n} представительство в Турции",
            "{n} торговый дом экспорт",
            "{n} Rusya temsilciliği",
        ],
    )


def returned_refused(n, r):
    return _pick(
        n,
        r,
        [
            "return to shipper {n} refused on arrival",
            "UNDELIVERABLE {n} MOVED AWAY",
            "Annahme verweigert {n}",
            "Rücksendung an {n} Rahmen defekt",
            "zwrot do nadawcy {n}",
            "{n} nie podjęto w terminie",
            "İADE {n} ADRESTE BULUNAMADI",
            "MAHRECE İADE {n}",
            "{n} non réclamé retour à l'envoyeur",
            "退回 {n} 拒收",
            "uncleared cargo {n} auction pending",
            "abandoned by {n}",
        ],
        [
            "возврат отправителю {n}",
            "{n} отказ от получения",
            "невостребованный груз {n}",
            "адресат выбыл {n}",
            "реэкспорт {n} брак",
        ],
    )


def department_tail(n, r):
    return _pick(
        n,
        r,
        [
            "{n} goods inwards",
            "{n} bonded stores superintendent",
            "{n} Wareneingang Halle {d}",
            "{n} Abt. Einkauf Übersee",
            "Zollabteilung {n}",
            "{n} dział zaopatrzenia",
            "magazyn główny {n}",
            "{n} İTHALAT MÜDÜRLÜĞÜ",
            "satınalma şefliği {n}",
            "{n} service achats",
            "{n} almacén central planta {d}",
            "{n} 物流部",
            "plant {d} receiving dock {n} stores",
        ],
        [
            "{n} отдел снабжения",
            "{n} цех {d} кладовая",
            "служба логистики {n}",
            "{n} ОМТС склад {d}",
            "ВЭД {n} бюро импорта",
        ],
    )


def courtesy(n, r):
    return _pick(
        n,
        r,
        [
            "Messrs {n}",
            "M/S {n} Dear Sirs",
            "An die Herren {n}",
            "Sehr geehrte Damen und Herren {n}",
            "Szanowni Państwo {n}",
            "Sayın {n} yetkilisine",
            "SN. {n} DİKKATİNE",
            "kindly notify {n} thank you",
            "our esteemed buyers {n}",
            "our good friends {n} please advise",
            "Messieurs {n}",
            "Señores {n} presente",
            "{n} 敬启",
            "{n} m. frdl. Grüßen",
            "höflichst {n} zu verständigen",
        ],
        [
            "уважаемые коллеги {n}",
            "господам {n}",
            "просим уведомить {n} заранее спасибо",
            "{n} с уважением",
            "нашему покупателю {n} лично в руки",
        ],
    )


def box_labels_both_sides(n, r):
    return _pick(
        n,
        r,
        [
            "CONSIGNEE NAME {n} ADDRESS COUNTRY",
            "2 Empfänger Name {n} Anschrift Land",
            "Odbiorca nazwisko lub nazwa {n} adres kraj",
            "Alıcı Adı Ünvanı {n} Adresi Vergi Dairesi",
            "Nadawca {n} Absender Sender Expéditeur",
            "Shipper's Name and Address {n} Not Negotiable",
            "Notify party {n} no claim shall attach",
            "YÜKLETEN {n} GÖNDERİLEN",
            "Destinataire nom {n} adresse pays",
            "Exporter {n} see box overleaf",
            "Pos. 1 Absender {n} lfd. Nr.",
            "Delivering company {n} Stamp and signature of carrier",
        ],
        [
            "Грузополучатель {n} наименование адрес страна",
            "2 Получатель {n} Empfänger Consignee",
            "графа 8 {n} смотри на обороте",
            "Отправитель {n} (наименование, адрес, страна)",
            "Перевозчик принял от {n} подпись штамп",
        ],
    )


def edi_segments(n, r):
    a = r.randint(1, 9)
    return _pick(
        n,
        r,
        [
            "NAD+CN+++{n}+:",
            "CNE//{n}",
            "CNE/NAM/{n}",
            f"N1*CN*{{n}}*93*000{a}",
            "SHP/{n}/",
            "FHL HBS {n} T{d}",
            "NFY|{n}|NULL|NULL",
            "<ram:Name>{n}</ram:Name>",
            "KUNNR 00{dd} NAME1 {n} NAME2",
            "{n};;;PL;X",
            "ZZ {n} #N/A",
            "ICS2 F10 {n} UNKNOWN TIN",
            "{n} <<CONT'D ON RIDER>>",
            "AES ITN {n} NOEEI",
        ],
    )


def transit_procedure(n, r):
    return _pick(
        n,
        r,
        [
            "T1 opened principal {n}",
            "carnet TIR holder {n} seal intact",
            "Hauptverpflichteter {n} Versandverfahren",
            "{n} Ausfuhranmeldung vorab",
            "tranzyt do granicy {n} procedura uproszczona",
            "główny zobowiązany {n} T1 otwarty",
            "TRANSİT {n} GÜMRÜK ÇIKIŞ KAPIKULE",
            "{n} YEŞİL HAT",
            "kırmızı hat muayene {n}",
            "{n} 转关 满洲里",
            "in transit to Kazakhstan {n} via Poti",
            "transit international {n} sous douane",
            "re-export {n} under bond",
        ],
        [
            "декларант {n} режим ИМ40",
            "транзит через Казахстан {n}",
            "{n} МДП книжка держатель",
            "ВТТ {n} пломба не нарушена",
            "предварительное информирование {n} досмотр",
        ],
    )


def air_handling(n, r):
    return _pick(
        n,
        r,
        [
            "{n} CARGO AIRCRAFT ONLY",
            "consol master {n} house attached",
            "AOG URGENT {n} aircraft parts",
            "{n} hold at airport FRA",
            "PHARMA {n} 2 TO 8 C",
            "not secured needs screening {n}",
            "Luftfracht {n} Abholung Lug",
            "{n} bekannter Versender",
            "lotnicze {n} odbiór własny WAW",
            "HAVA KARGO {n} IST ÇIKIŞLI",
            "{n} EAP documents in pouch",
            "fret aérien {n} CDG magasin {d}",
            "空运 {n} 直达",
            "SVO {n} ULD broken down",
        ],
        [
            "авиагруз {n} аэропорт Внуково",
            "{n} срочно самолетом запчасти",
            "накладная авиа {n} опасный груз",
            "{n} склад терминала Пулково",
        ],
    )


def credit_and_bank(n, r):
    return _pick(
        n,
        r,
        [
            "L/C applicant {n} notify bank",
            "documents against payment drawee {n}",
            "Akkreditivsteller {n} Dokumente unter Vorbehalt",
            "AKREDİTİF AMİRİ {n}",
            "{n} vesaik mukabili ödenmemiş",
            "zleceniodawca akredytywy {n}",
            "CAD {n} bank to endorse",
            "cobranza documentaria girado {n}",
            "{n} LOI accepted bank counter signed",
            "pledged goods {n} release against trust receipt",
            "开证申请人 {n}",
            "remise documentaire tiré {n}",
        ],
        [
            "аккредитив приказодатель {n}",
            "инкассо плательщик {n}",
            "груз в залоге {n} выдать с согласия банка",
            "{n} предоплата получена отгрузить",
            "{n} счет не оплачен отгрузку задержать",
        ],
    )


def name_said_again(n, r):
    return _pick(
        n,
        r,
        [
            "{n} same as consignee {n}",
            "{n} ALSO NOTIFY {n}",
            "Absender = Empfänger {n}",
            "{n} siehe Feld 2 {n}",
            "{n} idem",
            "jak wyżej {n}",
            "{n} ALICI İLE AYNI",
            "yukarıdaki ile aynı {n}",
            "ditto {n}",
            "{n} as per master bill {n} as per house bill",
            "{n} le même",
            "{n} 同收货人",
        ],
        ["{n} он же получатель", "{n} он же {n}", "тот же {n}", "см. графу 2 {n}", "{n} то же лицо"],
    )


_OCR = {
    "O": "0",
    "I": "l",
    "l": "1",
    "S": "5",
    "B": "8",
    "m": "rn",
    "e": "c",
    "i": "í",
    "a": "ä",
    "o": "ó",
    "Z": "2",
    "G": "6",
    "n": "ri",
    "h": "b",
    "u": "ii",
    "з": "э",
    "О": "0",
    "З": "3",
    "и": "н",
    "ш": "щ",
    "л": "п",
    "ь": "ъ",
    "ч": "4",
    "о": "0",
    "н": "п",
    "В": "8",
    "й": "и",
}


def _misread(n: str, r: Rng, k: int) -> str:
    idx = [i for i, c in enumerate(n) if c in _OCR and i > 0]
    s = list(n)
    for i in r.sample(idx, min(k, len(idx))):
        s[i] = _OCR[s[i]]
    return "".join(s)


def scan_misread(n, r):  # letter kind
    n = _misread(n, r, 1 if len(n) < 14 else 2)
    return _pick(
        n,
        r,
        [
            "{n}",
            "{n} .",
            "| {n}",
            "Consignec {n}",
            "Ernpfänger {n}",
            "{n} ORlGlNAL",
            "0dbiorca {n}",
            "' {n} _",
        ],
        ["{n}", "Груэополучатель {n}", "{n} М.П", "| {n} '"],
    )


_TWIN_LC = dict(zip("ABCEHKMOPTXaceopxy", "АВСЕНКМОРТХасеорху", strict=False))
_TWIN_CL = {v: k for k, v in _TWIN_LC.items()}


def mixed_alphabets(n, r):  # look-alike kind
    t = _TWIN_CL if _cyr(n) else _TWIN_LC
    idx = [i for i, c in enumerate(n) if c in t]
    hit = set(r.sample(idx, max(1, round(len(idx) * r.uniform(0.3, 0.8))))) if idx else set()
    m = "".join(t[c] if i in hit else c for i, c in enumerate(n))
    return _pick(m, r, ["{n}", "{n} получатель", "FOR {n}", "{n} {port}"])


FIRM_KINDS: dict[str, Callable[[str, Rng], str]] = {
    f.__name__: f
    for f in (
        to_order,
        release_status,
        goods_before,
        shipping_marks,
        warehouse_keeping,
        vessel_and_port,
        driver_and_gate,
        on_whose_part,
        parcel_drop,
        chinese_words,
        freight_terms,
        form_moved_or_written_out,
        form_glued,
        foreign_form_added,
        returned_refused,
        department_tail,
        courtesy,
        box_labels_both_sides,
        edi_segments,
        transit_procedure,
        air_handling,
        credit_and_bank,
        name_said_again,
        scan_misread,
    )
}


# ------------------------------------------------------------------ persons


def p_collects(n, r):
    return _pick(
        n,
        r,
        [
            "to be collected by {n} in person",
            "{n} will call with passport",
            "Selbstabholer {n} Ausweis zeigen",
            "{n} persönlich eigenhändig",
            "odbiór osobisty {n} za okazaniem dowodu",
            "BİZZAT {n} TESLİM ALACAK",
            "{n} kimlikle teslim",
            "remettre en main propre {n}",
            "entregar a {n} con poder",
            "{n} 本人自提",
            "release cargo to bearer {n} only",
        ],
        [
            "получит {n} по доверенности",
            "{n} лично в руки по паспорту",
            "выдать {n} под роспись",
            "забирает {n} сам",
        ],
    )


def p_driver(n, r):
    return _pick(
        n,
        r,
        [
            "driver {n} truck and trailer",
            "Fahrer {n} Kennzeichen folgt",
            "kierowca {n} naczepa chłodnia",
            "ŞOFÖR {n} ÇEKİCİ DORSE",
            "{n} second driver relief at Brest",
            "conductor {n} remolque",
            "chauffeur {n} semi-remorque",
            "司机 {n} 挂车",
            "{n} Fahrer wartet seit gestern",
        ],
        [
            "водитель {n} тягач полуприцеп",
            "{n} водитель экспедитор",
            "шофер {n} ждет на стоянке",
            "за рулем {n} сменщик",
        ],
    )


def p_ship_crew(n, r):
    return _pick(
        n,
        r,
        [
            "CAPT {n} MASTER OF {ship}",
            "to the Master {n} mv {ship}",
            "Chief Officer {n} ship's spares in transit",
            "KAPTAN {n} GEMİ {ship}",
            "Kapitän {n} Seeschiff {ship}",
            "{n} signing on {port} seaman",
            "II mechanik {n} statek {ship}",
            "bosun {n} joining ship",
            "船长 {n} {ship}",
        ],
        [
            "капитан {n} т/х {ship}",
            "старпом {n} судно {ship}",
            "{n} моряк смена экипажа {ruport}",
            "стармех {n} подпись судовая печать",
        ],
    )


def p_removal_goods(n, r):
    return _pick(
        n,
        r,
        [
            "household goods and personal effects of {n}",
            "used car of {n} returning resident",
            "Umzugsgut {n} Übersiedlung",
            "mienie przesiedleńcze {n}",
            "ZATİ EŞYA {n} KESİN DÖNÜŞ",
            "{n} unaccompanied baggage",
            "effets personnels {n} déménagement",
            "menaje de casa {n}",
            "{n} 个人物品",
            "motorcycle and boxes {n} diplomatic move",
        ],
        [
            "личные вещи {n}",
            "домашний скарб {n} переезд",
            "{n} несопровождаемый багаж",
            "автомобиль б/у {n} физлицо",
        ],
    )


def p_signed_for(n, r):
    return _pick(
        n,
        r,
        [
            "signed for by {n} neighbour",
            "received in good order {n} storekeeper",
            "Empfang bestätigt {n} Lagermeister",
            "i.A. {n} Disposition",
            "pokwitował {n} magazynier",
            "TESLİM ALAN {n} KAŞE İMZA",
            "{n} p.p. as agents for carrier",
            "reçu par {n} gardien",
            "签收人 {n}",
            "recibí conforme {n}",
            "POD {n} front desk",
        ],
        ["груз принял {n} кладовщик", "получил {n} подпись", "сдал {n} МОЛ", "отпуск разрешил {n} диспетчер"],
    )


def p_parcel_door(n, r):
    return _pick(
        n,
        r,
        [
            "{n} flat {d} ring twice",
            "{n} bei Familie Schulz klingeln",
            "Hinterhaus {n} 3. Stock links",
            "{n} zostawić u sąsiada",
            "paczkomat {n} przesyłka ekspres",
            "{n} APARTMAN GÖREVLİSİNE",
            "hotel guest {n} room 2{dd}",
            "{n} digicode 2{dd}B escalier C",
            "{n} 丰巢柜",
            "birthday gift for {n} from mum",
            "Geschenk {n} kein Handelswert",
        ],
        [
            "{n} домофон не работает",
            "{n} подъезд {d} этаж 3",
            "подарок {n} без цены",
            "{n} общежитие комната {dd}",
        ],
    )


def p_courtesy_rank(n, r):
    return _pick(
        n,
        r,
        [
            "Herrn/Frau Dipl.-Ing. {n}",
            "Prokura {n} persönlich",
            "Sz. P. mgr inż. {n}",
            "SAYIN {n}",
            "{n} yetkili MÜHENDİS",
            "Mr/Ms {n} Esq",
            "à l'aimable intention de {n} gérance",
            "Sr/Sra {n} apoderado",
            "{n} 经理 亲启",
            "General Director {n} personal copy",
            "H.E. {n} protocol cargo",
        ],
        [
            "г-ну/г-же {n}",
            "гр. {n}",
            "директору {n} с почтением",
            "многоуважаемому адресату {n}",
            "тов. {n} завсклад",
        ],
    )


def p_broker_proxy(n, r):
    return _pick(
        n,
        r,
        [
            "by power of attorney {n} for self",
            "customs broker on behalf of {n} private person",
            "Privatperson {n} keine EORI",
            "osoba fizyczna {n} bez EORI",
            "ŞAHIS {n} VEKALETLE",
            "{n} sole trader importer of record",
            "persona física {n} despacho",
            "particulier {n} dédouanement",
            "{n} jednoosobowa działalność",
            "个人 {n} 报关",
            "Einzelkaufmann {n} e.K.",
        ],
        [
            "ИП {n}",
            "физлицо {n} для личного пользования",
            "индивидуальный предприниматель {n} декларант",
            "по доверенности от {n} брокер",
        ],
    )


def p_human_or_live(n, r):
    return _pick(
        n,
        r,
        [
            "human remains of the late {n}",
            "HUM coffin {n} next of kin informed",
            "Urne {n} Bestattungshaus",
            "sprowadzenie zwłok {n}",
            "CENAZE {n} YAKINI KARŞILAYACAK",
            "AVI one dog owner {n}",
            "live animal {n} to be met on arrival",
            "{n} medical samples patient",
            "dépouille mortelle {n}",
            "racehorse groom {n} accompanying",
        ],
        ["груз 200 {n}", "собака владелец {n} встретит", "{n} медикаменты по рецепту", "урна с прахом {n}"],
    )


def p_word_between(n, r):
    w = n.split()
    ru = ["(получатель)", "тел. нет", "лично", "паспорт", "физлицо"]
    la = ["(consignee)", "private", "YOLCU", "tel. unknown", "Empf.", "odbiorca", "/notify/", "本人"]
    x = r.choice(ru if _cyr(n) else la)
    if len(w) < 2:
        return f"{x} {n}"
    i = r.randint(1, len(w) - 1)
    s = " ".join([*w[:i], x, *w[i:]])
    return r.choice([s, s + (" багаж" if _cyr(n) else " baggage"), s + " " + r.choice(_PORTS)])


def p_label_chain(n, r):
    return _pick(
        n,
        r,
        [
            "Surname Given name {n} Nationality RUS",
            "Name des Empfängers {n} Vorname siehe oben",
            "Nazwisko i imię {n} PESEL brak",
            "ADI SOYADI {n} BABA ADI",
            "CNE/{n}/PRIVATE",
            "Nom prénom {n} né à",
            "PAX {n} RUSH TAG",
            "NAME1 {n} NAME2 NULL TITLE",
            "姓名 {n} 护照",
            "{n};M;RU;;",
            "ATA {n} holder carnet list",
        ],
        [
            "Ф.И.О. {n} паспорт",
            "фамилия имя отчество {n} гражданство",
            "получатель ФИО {n} индекс",
            "доверенное лицо {n} выдан",
        ],
    )


def p_twins_or_misread(n, r):
    return mixed_alphabets(n, r) if r.random() < 0.6 else scan_misread(n, r)


PERSON_KINDS: dict[str, Callable[[str, Rng], str]] = {
    f.__name__[2:]: f
    for f in (
        p_collects,
        p_driver,
        p_ship_crew,
        p_removal_goods,
        p_signed_for,
        p_parcel_door,
        p_courtesy_rank,
        p_broker_proxy,
        p_human_or_live,
        p_word_between,
        p_label_chain,
        p_twins_or_misread,
    )
}
