"""What the trail says of a record, in words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from okat.city.people.rules import ALIKE

TOLD: dict[str, Promise] = {
    "people.pin": _("Pinned"),
    "people.update": _("Changed"),
    "people.consent": _("Consent given"),
    "people.withdraw_consent": _("Consent withdrawn"),
    "people.wording": _("Words of a consent kept"),
    "people.add_need": _("Need noted"),
    "people.close_need": _("Need closed"),
    "people.visit": _("Visit noted"),
    "people.answer": _("Questions answered"),
    "people.evidence": _("Photo or signature kept"),
    "people.said": _("Somebody elsewhere said that a person died or moved away"),
    "people.not_so": _("Looked into what was said of a life: it is not so"),
    "people.back": _("Noted that somebody lives here again, or that a word was wrong"),
    "people.move": _("Noted a move inside the city"),
    "people.status": _("Status changed"),
    "people.household": _("Household changed"),
    "people.merge": _("Joined with another record"),
    "people.settle_merge": _("Joining settled: what was held for taking it back was passed on"),
    "people.undo_merge": _("Joining taken back"),
    "people.propose_merge": _("Possible double record noted"),
    "people.refuse_merge": _("Found to be two people"),
    "people.end_openings": _("Emergency openings ended with the role"),
    "people.review_break_glass": _("Emergency opening reviewed"),
    "people.grant": _("An office was let in"),
    "people.end_grant": _("An office's access ended"),
    "people.grown": _("Asked somebody who turned twenty"),
    "people.end_guardians": _("Ended what guardians had allowed for people who are grown"),
    "people.handed_over": _("Records went to whoever took over an office's duties"),
    "people.keep_by_law": _("Noted that an office keeps the record by law"),
    "people.end_by_law": _("An office may not keep the record by law any more"),
    "people.basis": _("Noted by which law an office holds records"),
    "people.end_basis": _("What let an office hold records by law ended"),
    "people.ask_link": _("An account's owner was asked whether the record is theirs"),
    "people.recall_link": _("That question was taken back"),
    "people.answer_link": _("The account's owner answered"),
    "people.unlink_account": _("The person's own account was parted from the record"),
    "people.link_account": _("The person's own account was linked"),
    "people.read": _("Looked at the record"),
    "people.break_glass": _("Opened in an emergency"),
    "people.emergency_try": _("Tried to open a record in an emergency by a number that opens none"),
    "people.export": _("Taken out as a file"),
    "people.print": _("Printed"),
    "people.tell": _("Told persons of something"),
    "people.print_slips": _("Printed slips"),
    "people.hand_over_slip": _("Gave over a message"),
    "people.take_back_told": _("Took back that a message was told"),
    "people.end_slips": _("Answered: nobody needs to bring the message"),
    "people.print_code": _("Printed a slip with a code that opens a page of the person's own"),
    "people.open_code": _("A page of the person's own was opened with the code on a slip"),
    "people.drop_slips": _("A message on paper did not hold any more"),
    "people.hand_over_again": _("Gave over the same message again: nothing changed"),
    "people.ring_phone": _("Rang the telephone and spoke with the person"),
    "people.send_phone_code": _("Sent a code to the telephone"),
    "people.confirm_phone": _("Typed the code that was sent to the telephone"),
    "people.undo_pin": _("Imported record taken back"),
    "people.load_questionnaires": _("Questionnaires of the city's folder loaded"),
    "people.drop_import": _("File of people given up"),
    "people.import": _("People imported from a file"),
    "people.set_columns": _("Columns of a file corrected"),
    "people.say_law": _("Said by which law an office keeps people of a file"),
    "people.say_looked": _(
        "Said that they looked at the rows of a file of whom one may have died, moved away or said no"
    ),
    "people.undo_import": _("Import taken back"),
    "people.upload": _("File sent in for import"),
    "people.read_import": _("Looked at the rows of a file"),
    "people.search": _("Searched for a person"),
    "people.suggested": _("Shown to whoever typed something much alike"),
    "people.pin_again": _("Sent the same pin again: nothing changed"),
    "people.grant_again": _("An office was let in for one more reason"),
}
# What users are told; texts without a name of a person.
NOTICES: dict[str, Promise] = {
    "handed_over": _("%(partner)s has left the network. %(to)s keeps your record now; look at what you allow."),
    "not_justified": _(
        "That you opened a record in an emergency was found not justified, and that opening is closed. Ask who "
        "reviews such openings in your office."
    ),
    "link_asked": _("An office asks whether a record that it keeps is yours: %(partner_th)s (%(partner_en)s)."),
    "link_yes": _("The owner of the account said yes: the record is linked."),
    "link_no": _("The record was not linked: the owner of the account said no, or what they told did not fit."),
    "unlinked": _("A record is no longer linked to your account."),
    "unlinked_by_owner": _("The owner of an account ended its link to a record."),
}
# Said alike in the account, by SMS and on paper: they hold nothing of the person's own.
PLAINLY: dict[str, Promise] = {
    "linked": _(
        "An account opens your record now, as your own page. If it is not yours, tell the office: it ends that."
    ),
    "joined": _(
        "Two records of you are kept as one now: who may see the one sees the other too. If something in it is not "
        "yours, tell the office."
    ),
    "parted_place": _(
        "While two records were kept as one, a place was offered that waits for an answer. Ask the office whether it "
        "is yours."
    ),
    "parted_asked": _(
        "While two records were kept as one, something was asked that waits for an answer. Ask the office whether it "
        "is yours."
    ),
    "parted_way": _(
        "While two records were kept as one, the day of something changed, or whether it takes place. Ask the office "
        "before you set out."
    ),
    "parted": _("Two records that were kept as one are two again. The office looks once more whether both are yours."),
}
# Of these there is an answer to give by a day, or a way that would be gone in vain.
BINDING = frozenset({"parted_place", "parted_asked", "parted_way"})
# What says how something stands, by what makes it untrue. "joined" goes by what it is about: a joining and its end are
# one thing, as a law and its end are. The others of PLAINLY ask for an answer.
UNLINKED = ("linked",)
JOINED = ("parted",)
# Not worth a line of the record's story: they follow from others, or change nothing.
QUIET = frozenset({"people.end_slips", "people.hand_over_again", "people.pin_again", "people.grant_again"})
# Said of a record's story only where somebody who sees both records asked.
FOUND = frozenset({"people.propose_merge", "people.refuse_merge"})
WHY: dict[str, Promise] = {
    "view": _("to look"),
    "pin_person": _("to work on it"),
    "record_consent": _("for a consent"),
    "evidence": _("for a photo or signature"),
    "compare": _("to compare two records"),
    "mine": _("own record"),
    "case_list": _("in a list of cases"),
    "slips": _("to bring a message"),
    "slip": _("to bring a message"),
    "round": _("for an allocation round"),
    "visits": _("in a list of visits that are due"),
    "offer": _("to tell of a place that is offered"),
    "own": _("own record"),
    "case": _("for a case"),
    "print": _("to print it"),
    "certificate": _("for a certificate"),
    "course": _("for a course"),
    "learner": _("for answers of a learner"),
    "lookout": _("to tell of what they look for"),
    "match": _("to find what fits"),
    "passport": _("for the learning passport"),
    "recognition": _("to have learning recognised"),
    "record_basis": _("for a law by which an office keeps it"),
    "refer": _("to refer the person"),
    "roster": _("in a list of learners"),
    "wish": _("for the list of wishes"),
    "work": _("for work"),
}
FIELDS: dict[str, Promise] = {
    "birth": _("birth date"),
    "phone": _("telephone"),
    "education": _("schooling"),
    "papers": _("house registration"),
    "income": _("income"),
    "score": _("the questions of the score"),
    "household": _("who lives in the house"),
}
# Facts of a comparison, what is found of each, and where a pair comes from.
FACTS: dict[str, Promise] = {
    "given": _("Given name"),
    "family": _("Family name"),
    "birth": _("Born"),
    "sex": _("Sex"),
    "house": _("House"),
    "phone": _("Telephone"),
    "pin": _("Identity number"),
    "area": _("Where"),
    "registered": _("Written down by"),
    "nickname": _("Nickname"),
    "occupation": _("Occupation"),
    "situations": _("Situation"),
}
VERDICTS: dict[str, Promise] = {
    "same": _("the same"),
    "near": _("nearly the same"),
    "different": _("different"),
    "missing": _("not known of both"),
}
NAMED = "import-named"
SOURCES: dict[str, Promise] = {
    "pin": _("same identity number"),
    "import": _("same identity number, from a file"),
    NAMED: _("same name, from a file, and nothing tells the two apart"),
    "worker": _("seen by a worker"),
    ALIKE: _("much alike, found when one was saved"),
}


def found_by(source: str, one_number: str, other_number: str) -> Promise:
    """Why a pair was put up. A file puts up namesakes too, where a number is missing or cannot be right."""
    named = source == "import" and (not one_number or one_number != other_number)
    return SOURCES[NAMED if named else source]


CUTS: dict[str, Promise] = {
    "without": _("Without registration here"),
    "none": _("Without any papers"),
    "elsewhere": _("Registered elsewhere"),
    "here": _("Registered here"),
}
