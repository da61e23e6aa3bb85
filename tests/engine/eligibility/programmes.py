"""Three Thai programmes as rules, as far as their sources go; what no source states is not in the rule."""

from decimal import Decimal
from typing import Any

from okat.engine.eligibility import Fact, FactSchema, Kind, Rule, Words, parse_rule

TYPES = {
    "seeing": Words("การเห็น", "seeing"),
    "hearing": Words("การได้ยินหรือสื่อความหมาย", "hearing or communication"),
    "movement": Words("การเคลื่อนไหวหรือทางร่างกาย", "movement or body"),
    "mind": Words("จิตใจหรือพฤติกรรม", "mind or behaviour"),
    "intellect": Words("สติปัญญา", "intellect"),
    "learning": Words("การเรียนรู้", "learning"),
    "autism": Words("ออทิสติก", "autism"),
}
LOAN = "gsbpay.com: เงื่อนไขผู้กู้กองทุนผู้สูงอายุ"
OLD_AGE_ACT = "พระราชบัญญัติผู้สูงอายุ พ.ศ. 2546 มาตรา 13; sanook.com/money/903155"
DISABILITY = "dfund.dep.go.th"
ALLOWANCE = "pattayamail.com 404606 (2022); asean-j.net/21302"


def _claim(name: str, th: str, en: str, no_th: str, no_en: str, cost: int) -> Fact:
    question = Words(f"{th}ใช่หรือไม่", f"Is it so: {en}?")
    return Fact(name, Kind.BOOL, Words(th, en), question, cost, denial=Words(no_th, no_en))


SCHEMA = FactSchema(
    (
        Fact(
            "birth_date",
            Kind.DATE,
            Words("วันเกิด", "date of birth"),
            Words("เกิดวัน เดือน ปี ใด", "When were you born?"),
            cost=1,
            partial=True,
        ),
        _claim("able_to_work", "ประกอบอาชีพได้", "is able to work", "ประกอบอาชีพไม่ได้", "is not able to work", 1),
        _claim("needs_capital", "ต้องการทุน", "needs capital", "ไม่ต้องการทุน", "needs no capital", 1),
        _claim("bankrupt", "เป็นบุคคลล้มละลาย", "is bankrupt", "ไม่เป็นบุคคลล้มละลาย", "is not bankrupt", 3),
        _claim(
            "incompetent",
            "ถูกศาลสั่งให้เป็นผู้ไร้ความสามารถ",
            "is declared incompetent",
            "ไม่ถูกศาลสั่งให้เป็นผู้ไร้ความสามารถ",
            "is not declared incompetent",
            3,
        ),
        _claim(
            "fund_party",
            "เป็นผู้กู้หรือผู้ค้ำประกันของกองทุนอยู่",
            "is a borrower or guarantor of the Fund",
            "ไม่ได้เป็นผู้กู้หรือผู้ค้ำประกันของกองทุน",
            "is neither borrower nor guarantor of the Fund",
            2,
        ),
        _claim("married", "สมรสแล้ว", "is married", "ยังไม่สมรส", "is not married", 1),
        _claim(
            "work_here",
            "มีที่ประกอบการในจังหวัดที่ยื่นคำขอ",
            "works in the province of the application",
            "ไม่มีที่ประกอบการในจังหวัดที่ยื่นคำขอ",
            "does not work in the province of the application",
            1,
        ),
        Fact(
            "disability",
            Kind.CODES,
            Words("ประเภทความพิการตามบัตร", "types of disability on the card"),
            Words("บัตรประจำตัวคนพิการระบุประเภทใด", "Which types does the disability card name?"),
            cost=2,
            codes=tuple(TYPES.items()),
        ),
        Fact(
            "loan",
            Kind.NUMBER,
            Words("วงเงินกู้ที่ขอ", "loan asked for"),
            Words("ขอกู้กี่บาท", "How many baht?"),
            unit=Words("บาท", "baht"),
            minimum=Decimal(0),
        ),
    )
)


def _source(text: str, ref: str, verified: bool = False) -> dict[str, Any]:
    return {"source": {"text": text, "ref": ref, "verified": verified}}


OLDER_LOAN_DATA: dict[str, Any] = {
    "all": [
        {"age": "birth_date", "op": ">=", "years": 60, **_source("อายุ 60 ปีบริบูรณ์ขึ้นไป", LOAN)},
        {"is": "needs_capital", **_source("มีความจำเป็นต้องใช้ทุน", LOAN)},
        {"is": "able_to_work", **_source("สามารถประกอบอาชีพได้", LOAN)},
        {"not": {"is": "bankrupt", **_source("ไม่เป็นบุคคลล้มละลาย", LOAN)}},
        {"not": {"is": "incompetent", **_source("ไม่เป็นผู้ไร้ความสามารถ", LOAN)}},
        {"is": "work_here", **_source("ที่ประกอบการอยู่ในจังหวัดเดียวกับที่ยื่นคำขอ", LOAN)},
        {"not": {"is": "fund_party", **_source("ไม่เป็นผู้กู้หรือผู้ค้ำประกันของกองทุน", LOAN)}},
        {"compare": "loan", "op": "<=", "value": "30000", **_source("รายบุคคลไม่เกิน 30,000 บาท", OLD_AGE_ACT)},
    ]
}
GROWN = "บรรลุนิติภาวะ (20 ปี หรือสมรสเมื่ออายุ 17 ปีขึ้นไป)"
DISABILITY_LOAN_DATA: dict[str, Any] = {
    "all": [
        {"has_any": "disability", "values": list(TYPES), **_source("คนพิการ", DISABILITY, True)},
        {
            "any": [
                {"age": "birth_date", "op": ">=", "years": 20, **_source(GROWN, DISABILITY, True)},
                {
                    "all": [
                        {"age": "birth_date", "op": ">=", "years": 17, **_source(GROWN, DISABILITY, True)},
                        {"is": "married", **_source(GROWN, DISABILITY, True)},
                    ]
                },
            ]
        },
        {"not": {"is": "incompetent", **_source("ไม่เป็นผู้ไร้ความสามารถ", DISABILITY, True)}},
        {"compare": "loan", "op": "<=", "value": "60000", **_source("รายบุคคลไม่เกิน 60,000 บาท", DISABILITY, True)},
    ]
}


def allowance_band(low: int, high: int | None) -> dict[str, Any]:
    """The age band of one monthly rate of the old age allowance (the rate itself is a dated table, not a rule)."""
    text = _source(f"เบี้ยยังชีพ ช่วงอายุ {low} ปีขึ้นไป", ALLOWANCE)
    start = {"age": "birth_date", "op": ">=", "years": low, **text}
    return start if high is None else {"all": [start, {"age": "birth_date", "op": "<=", "years": high, **text}]}


OLDER_LOAN: Rule = parse_rule(OLDER_LOAN_DATA, SCHEMA)
DISABILITY_LOAN: Rule = parse_rule(DISABILITY_LOAN_DATA, SCHEMA)
