"""What people read when an election or its rules contradict themselves: what, where and how to mend it."""

from typing import Any, NamedTuple


class Text(NamedTuple):
    en: str
    th: str


PROBLEM = {
    "no-id": Text("project {row} has an empty id; give every project an id", "โครงการที่ {row} ไม่มีรหัส ใส่รหัสให้ครบ"),
    "id-twice": Text(
        "the project id {value!r} stands twice; give every project its own id",
        "รหัสโครงการ {value!r} ซ้ำ ให้แต่ละโครงการมีรหัสของตนเอง",
    ),
    "length": Text(
        "{value} has the wrong length; give one entry for each {of}",
        "{value} มีจำนวนไม่ตรง ต้องมีหนึ่งค่าต่อหนึ่งรายการ",
    ),
    "cost": Text(
        "project {value!r} has a cost outside 0 to {limit}; correct the cost",
        "งบของโครงการ {value!r} ไม่อยู่ระหว่าง 0 ถึง {limit} แก้จำนวนเงินให้ถูกต้อง",
    ),
    "budget": Text(
        "the budget {value} is outside 0 to {limit}; correct the budget",
        "งบรวม {value} ไม่อยู่ระหว่าง 0 ถึง {limit} แก้จำนวนเงินให้ถูกต้อง",
    ),
    "scale": Text(
        "the scale {value} is no power of ten from 1 to 1,000,000; write amounts with at most 6 decimals",
        "ตัวคูณทศนิยม {value} ใช้ไม่ได้ เขียนจำนวนเงินด้วยทศนิยมไม่เกิน 6 ตำแหน่ง",
    ),
    "kind": Text(
        "the kind of ballot {value!r} is unknown; it is one of {of}",
        "ไม่รู้จักบัตรลงคะแนนแบบ {value!r} เลือกแบบใดแบบหนึ่งจาก {of}",
    ),
    "starts": Text(
        "the starts of the ballots do not rise from 0 to the number of votes; list the ballots anew",
        "ตำแหน่งเริ่มของบัตรไม่เรียงจาก 0 ถึงจำนวนคะแนนทั้งหมด สร้างรายการบัตรใหม่",
    ),
    "project": Text(
        "the ballot of voter {voter} names project number {value}, which does not exist; remove it",
        "บัตรของผู้ลงคะแนน {voter} ระบุโครงการลำดับที่ {value} ซึ่งไม่มีอยู่ ให้ลบออก",
    ),
    "project-twice": Text(
        "the ballot of voter {voter} names project {value!r} twice; keep it once",
        "บัตรของผู้ลงคะแนน {voter} ระบุโครงการ {value!r} ซ้ำ ให้เหลือครั้งเดียว",
    ),
    "weight": Text(
        "the ballot of voter {voter} gives project {value!r} no whole number of points from 1 to {limit}; correct it",
        "บัตรของผู้ลงคะแนน {voter} ให้คะแนนโครงการ {value!r} ไม่เป็นจำนวนเต็มตั้งแต่ 1 ถึง {limit} แก้ให้ถูกต้อง",
    ),
    "amount": Text(
        "{value!r} is no amount of money with at most 6 decimals; write it in figures, such as 1250.50",
        "{value!r} ไม่ใช่จำนวนเงินที่มีทศนิยมไม่เกิน 6 ตำแหน่ง เขียนเป็นตัวเลข เช่น 1250.50",
    ),
    "unknown-project": Text(
        "the ballot of voter {voter} names the project {value!r}, which does not exist; correct the id",
        "บัตรของผู้ลงคะแนน {voter} ระบุโครงการ {value!r} ซึ่งไม่มีอยู่ แก้รหัสให้ถูกต้อง",
    ),
    "rule": Text(
        "the switch {switch!r} is {value!r}; it is one of {of}",
        "ตัวเลือก {switch!r} เป็น {value!r} ต้องเป็นค่าใดค่าหนึ่งจาก {of}",
    ),
    "rule-names": Text(
        "the rules must name exactly {of}; look at {value}",
        "กติกาต้องระบุให้ครบ คือ {of} ตรวจ {value}",
    ),
    "completion": Text(
        "the completions {value} contradict each other; 'none' stands alone, add1 or add1u stands first, "
        "none stands twice",
        "วิธีเติมงบ {value} ขัดกัน none ต้องอยู่ลำพัง add1 หรือ add1u ต้องอยู่แรก และห้ามซ้ำ",
    ),
    "ties": Text(
        "the order for ties {value} does not decide every tie; end it with lowest-id or refuse, and name nothing twice",
        "ลำดับตัดสินเมื่อเสมอ {value} ตัดสินไม่ได้ทุกกรณี ต้องจบด้วย lowest-id หรือ refuse และห้ามซ้ำ",
    ),
    "tie": Text(
        "the projects {of} tie and the rules refuse to choose; decide the tie in public and add it to the rules",
        "โครงการ {of} เสมอกันและกติกาไม่ให้เลือกแทน ตัดสินอย่างเปิดเผยแล้วเพิ่มในกติกา",
    ),
    "too-large": Text(
        "the total of {value} leaves the range that is counted exactly; use a coarser unit of money",
        "ผลรวมของ {value} ใหญ่เกินกว่าจะนับได้แม่นยำ ใช้หน่วยเงินที่ใหญ่ขึ้น",
    ),
}

SWITCHES = {
    "equal-shares": Text(
        "Everyone has an equal share of the budget; a project wins when its supporters can pay for it together, "
        "each the same amount or all that they have left; the project with the best value "
        "for its payers is bought first.",
        "ทุกคนมีส่วนแบ่งงบเท่ากัน โครงการได้เมื่อผู้สนับสนุนร่วมกันจ่ายได้พอ โดยจ่ายเท่ากันหรือจ่ายเท่าที่ตนเหลือ และซื้อโครงการที่คุ้มที่สุดต่อผู้จ่ายก่อน",
    ),
    "greedy": Text(
        "Projects are taken by votes, the most first; one that no longer fits the budget is passed over.",
        "เลือกโครงการตามคะแนนจากมากไปน้อย โครงการที่งบเหลือไม่พอให้ข้ามไป",
    ),
    "greedy-per-cost": Text(
        "Projects are taken by votes for each unit of money, the most first; one that no longer fits is passed over.",
        "เลือกโครงการตามคะแนนต่อเงินหนึ่งหน่วยจากมากไปน้อย โครงการที่งบเหลือไม่พอให้ข้ามไป",
    ),
    "optimum": Text(
        "Of all sets of projects that fit the budget, the one with the greatest total benefit wins.",
        "ในบรรดาชุดโครงการที่อยู่ในงบ ชุดที่มีประโยชน์รวมมากที่สุดได้",
    ),
    "phragmen": Text(
        "Everyone earns money at the same speed; a project is bought at the moment when its supporters together can "
        "pay for it, and they then start again from nothing. Any point on a ballot counts as support.",
        "ทุกคนได้เงินเพิ่มด้วยความเร็วเท่ากัน โครงการถูกซื้อเมื่อผู้สนับสนุนมีเงินรวมกันพอ "
        "แล้วผู้สนับสนุนเริ่มนับใหม่จากศูนย์ คะแนนเท่าใดก็นับเป็นการสนับสนุน",
    ),
    "cost": Text(
        "A project's benefit to a supporter counts as its cost, times the points on the ballot.",
        "ประโยชน์ของโครงการต่อผู้สนับสนุนนับเท่างบของโครงการ คูณคะแนนในบัตร",
    ),
    "cardinality": Text(
        "Each project's benefit to a supporter counts as one, times the points on the ballot.",
        "ประโยชน์ของแต่ละโครงการต่อผู้สนับสนุนนับเป็นหนึ่ง คูณคะแนนในบัตร",
    ),
    "none": Text("Money that is left stays with the city.", "เงินที่เหลือคงไว้กับเมือง"),
    "add1": Text(
        "If money is left, everyone's share is raised by one unit of the currency and all is counted anew, again "
        "and again.",
        "ถ้างบเหลือ เพิ่มส่วนแบ่งของทุกคนครั้งละหนึ่งหน่วยเงินแล้วนับใหม่ทั้งหมด ทำซ้ำไปเรื่อย ๆ",
    ),
    "add1u": Text(
        "If money is left, everyone's share is raised by one unit of the currency and all is counted anew, again and "
        "again; then projects that still fit are added by votes, the most first.",
        "ถ้างบเหลือ เพิ่มส่วนแบ่งของทุกคนครั้งละหนึ่งหน่วยเงินแล้วนับใหม่ทั้งหมด ทำซ้ำไปเรื่อย ๆ จากนั้นเติมโครงการที่ยังพองบตามคะแนนจากมากไปน้อย",
    ),
    "overspend": Text(
        "The raising ends before the step that would spend more than the budget, or when every supported project "
        "has won.",
        "หยุดเพิ่มก่อนถึงขั้นที่จะใช้เกินงบ หรือเมื่อทุกโครงการที่มีผู้สนับสนุนได้หมดแล้ว",
    ),
    "exhaustive": Text(
        "The raising ends as soon as no further supported project fits the budget, before a step that would spend more "
        "than it, or when every supported project "
        "has won.",
        "หยุดเพิ่มทันทีที่ไม่มีโครงการที่มีผู้สนับสนุนพองบอีก หรือก่อนถึงขั้นที่จะใช้เกินงบ หรือเมื่อทุกโครงการที่มีผู้สนับสนุนได้หมดแล้ว",
    ),
    "phragmen:overspend": Text(
        "A project that costs more than the whole budget is left out beforehand; the count ends at the first that "
        "would spend more than the budget.",
        "โครงการที่ใช้เงินเกินงบทั้งหมดไม่นำมานับ และหยุดนับที่โครงการแรกซึ่งจะทำให้ใช้เกินงบ",
    ),
    "phragmen:exhaustive": Text(
        "A project that no longer fits the budget is passed over, and the count goes on.",
        "โครงการที่งบเหลือไม่พอให้ข้ามไป แล้วนับต่อ",
    ),
    "floor": Text(
        "The first share is the budget divided by the ballots, rounded down to a whole unit of the currency.",
        "ส่วนแบ่งเริ่มต้นคืองบหารด้วยจำนวนบัตร ปัดเศษลงเป็นหน่วยเงินเต็ม",
    ),
    "exact": Text(
        "The first share is exactly the budget divided by the ballots.", "ส่วนแบ่งเริ่มต้นคืองบหารด้วยจำนวนบัตร ไม่ปัดเศษ"
    ),
    "min-cost": Text("Of tied projects the cheaper goes first.", "ถ้าเสมอกัน โครงการที่ถูกกว่าได้ก่อน"),
    "max-cost": Text("Of tied projects the dearer goes first.", "ถ้าเสมอกัน โครงการที่แพงกว่าได้ก่อน"),
    "max-votes": Text("Of tied projects the one with more votes goes first.", "ถ้าเสมอกัน โครงการที่คะแนนมากกว่าได้ก่อน"),
    "lowest-id": Text("Of tied projects the one with the lower id goes first.", "ถ้าเสมอกัน โครงการที่รหัสน้อยกว่าได้ก่อน"),
    "refuse": Text(
        "If projects still tie, no result is given until people decide the tie in public.",
        "ถ้ายังเสมอกัน จะไม่ประกาศผลจนกว่าจะมีการตัดสินอย่างเปิดเผย",
    ),
}

VIOLATION = {
    "unknown-project": Text("{project} is in the outcome but not in the election", "{project} อยู่ในผลแต่ไม่มีในการลงคะแนน"),
    "winner-twice": Text("{project} stands in the outcome twice", "{project} อยู่ในผลสองครั้ง"),
    "parts": Text(
        "the winners are not just the free, the bought and the filled that this rule has",
        "รายชื่อโครงการที่ได้ไม่ตรงกับส่วนประกอบของผลตามกติกานี้",
    ),
    "cost": Text(
        "the outcome says that it costs {claimed}; it costs {right}", "ผลระบุว่าใช้เงิน {claimed} แต่ใช้จริง {right}"
    ),
    "budget": Text("the winners cost {total}, the budget is {budget}", "โครงการที่ได้ใช้เงิน {total} แต่งบมี {budget}"),
    "unsupported": Text("{project} wins without a vote", "{project} ได้ทั้งที่ไม่มีคะแนน"),
    "free": Text(
        "{project} stands wrongly among, or lacks among, the supported projects that cost nothing",
        "{project} ผิดที่ในกลุ่มโครงการที่มีผู้สนับสนุนและไม่ใช้เงิน",
    ),
    "endowment": Text(
        "the endowment {claimed} is no step of the raising that begins with {begin}",
        "ส่วนแบ่ง {claimed} ไม่ใช่ขั้นของการเพิ่มที่เริ่มจาก {begin}",
    ),
    "interval": Text(
        "the interval {low} to {high} is no run of steps that ends with the endowment",
        "ช่วง {low} ถึง {high} ไม่ใช่ขั้นต่อเนื่องที่จบด้วยส่วนแบ่งสุดท้าย",
    ),
    "ended": Text(
        "the raising is said to end by {claimed}; it ends by {right}",
        "ผลระบุว่าหยุดเพิ่มเพราะ {claimed} แต่ที่จริงเพราะ {right}",
    ),
    "beyond": Text(
        "the count at the next step is missing, or does not overspend",
        "ไม่มีผลนับของขั้นถัดไป หรือผลนั้นไม่ได้ใช้เกินงบ",
    ),
    "not-in-full": Text(
        "{project} costs {cost}; its supporters pay {paid}", "{project} ใช้เงิน {cost} แต่ผู้สนับสนุนจ่าย {paid}"
    ),
    "short": Text(
        "at {project}, voter {voter} is wrongly among those who paid all that they had, or is missing there",
        "ที่ {project} ผู้ลงคะแนน {voter} อยู่ผิดกลุ่มของผู้ที่จ่ายเท่าที่เหลือ หรือหายไปจากกลุ่มนั้น",
    ),
    "passed-over": Text(
        "{project} was the better buy for its supporters when {bought} was bought",
        "ตอนที่ซื้อ {bought} นั้น {project} คุ้มกว่าสำหรับผู้สนับสนุน",
    ),
    "tie-order": Text(
        "{project} was taken before {other}, which ties with it and goes first by the rules",
        "{project} ได้ก่อน {other} ซึ่งเสมอกันและต้องได้ก่อนตามกติกา",
    ),
    "tie-refused": Text(
        "{project} was taken before {other}, which ties with it; the rules refuse to choose",
        "{project} ได้ก่อน {other} ซึ่งเสมอกัน แต่กติกาไม่ให้เลือกแทน",
    ),
    "left-over": Text(
        "{project} costs {cost}, could still be taken by the rule, and is not",
        "{project} ใช้เงิน {cost} ยังได้ตามกติกา แต่ไม่ได้",
    ),
    "time": Text(
        "{project} is said to be bought at {claimed}; its supporters do not have its cost just then, or it does not "
        "fit",
        "ผลระบุว่าซื้อ {project} ที่เวลา {claimed} แต่ตอนนั้นเงินของผู้สนับสนุนไม่เท่างบของโครงการ หรืองบรวมเหลือไม่พอ",
    ),
    "order": Text("{project} was taken before {other}, which goes first", "{project} ได้ก่อน {other} ซึ่งต้องได้ก่อน"),
    "not-best": Text(
        "another set of projects is better, or ties and goes first; it differs by {others}",
        "มีชุดโครงการอื่นที่ดีกว่า หรือเสมอกันและต้องได้ก่อน ต่างกันที่ {others}",
    ),
    "not-closed": Text(
        "that no better set exists could not be proven within the limit of this check",
        "การตรวจนี้พิสูจน์ไม่ได้ภายในขีดจำกัดว่าไม่มีชุดที่ดีกว่า",
    ),
    "ejr-plus": Text(
        "{size} supporters of {project} could pay for it together and have less than their part",
        "ผู้สนับสนุน {project} จำนวน {size} คน ร่วมกันจ่ายได้ แต่ได้ประโยชน์น้อยกว่าส่วนของตน",
    ),
}

REASON = {
    "free": Text("It costs nothing and has {votes} votes.", "ไม่ใช้เงินและมี {votes} คะแนน"),
    "bought": Text(
        "Its supporters paid {cost} together: {price} for each vote, or all that they had left.",
        "ผู้สนับสนุนร่วมกันจ่าย {cost} คะแนนละ {price} หรือเท่าที่ตนเหลือ",
    ),
    "earned": Text(
        "Its supporters had {cost} together when everyone had earned {price}.",
        "ผู้สนับสนุนมีเงินรวมกันครบ {cost} ตอนที่ทุกคนได้เงินคนละ {price}",
    ),
    "by-votes": Text(
        "It was taken by its {votes} votes, and {cost} still fitted.", "ได้ตามคะแนน {votes} คะแนน และงบ {cost} ยังพอ"
    ),
    "chosen": Text("It belongs to the set of projects with the most benefit.", "อยู่ในชุดโครงการที่มีประโยชน์รวมมากที่สุด"),
    "unsupported": Text("Nobody voted for it.", "ไม่มีใครลงคะแนนให้"),
    "left": Text(
        "Its supporters had {left} left between them when {cost} was needed.",
        "ผู้สนับสนุนเหลือเงินรวมกัน {left} แต่ต้องใช้ {cost}",
    ),
    "too-dear": Text("It costs {cost}, more than the whole budget.", "โครงการใช้เงิน {cost} ซึ่งเกินงบทั้งหมด"),
    "too-late": Text(
        "The money was spent before its supporters had {cost} together.",
        "งบหมดก่อนที่ผู้สนับสนุนจะมีเงินรวมกันครบ {cost}",
    ),
    "lesser": Text("With it, no set that fits has more benefit.", "ไม่มีชุดใดในงบที่มีโครงการนี้แล้วมีประโยชน์รวมมากกว่า"),
    "fits-not": Text(
        "When its turn came with {votes} votes, less than {cost} was left.",
        "เมื่อถึงลำดับด้วย {votes} คะแนน งบเหลือไม่ถึง {cost}",
    ),
    "added-one": Text("1 more supporter would have elected it.", "ถ้ามีผู้สนับสนุนเพิ่มอีก 1 คน โครงการนี้จะได้"),
    "added": Text("{added} more supporters would have elected it.", "ถ้ามีผู้สนับสนุนเพิ่มอีก {added} คน โครงการนี้จะได้"),
}


def sentence(code: str, language: str, **params: Any) -> str:
    """What is wrong and how to mend it, in `language` (`en` or `th`)."""
    text = PROBLEM[code]
    return (text.th if language == "th" else text.en).format(**params)


def violation(code: str, language: str, **params: Any) -> str:
    """What an outcome breaks, in `language` (`en` or `th`)."""
    text = VIOLATION[code]
    return (text.th if language == "th" else text.en).format(**params)
