"""The demo's accounts: one for each role, all made up, all with the printed password."""

from okat.city.accounts.models import User
from okat.city.partners.rules import Role

PASSWORD = "okat-demo-2569"  # noqa: S105 - printed on purpose; a demo holds no real person

# login, name, partner, role, areas
ACCOUNTS: tuple[tuple[str, str, str, Role, tuple[str, ...]], ...] = (
    ("worker", "ครูตำบล (สมมติ)", "nfe", Role.FIELD_WORKER, ("4001",)),
    ("officer", "เจ้าหน้าที่ส่งเสริมการเรียนรู้ (สมมติ)", "nfe", Role.OFFICER, ()),
    ("manager", "หัวหน้าสำนักงาน (สมมติ)", "nfe", Role.MANAGER, ()),
    ("social", "นักสังคมสงเคราะห์ (สมมติ)", "social", Role.OFFICER, ()),
    ("coordinator", "ผู้ประสานงานเมือง (สมมติ)", "kktt", Role.COORDINATOR, ("40",)),
    ("reviewer", "ผู้พิจารณาคำขอทบทวน (สมมติ)", "kktt", Role.COORDINATOR, ("40",)),
    ("auditor", "ผู้ตรวจสอบ (สมมติ)", "cola", Role.AUDITOR, ()),
)


def lines() -> list[str]:
    """What is printed when the demo is ready."""
    rows = [f"  {login:<12} {role.value:<14} {partner}" for login, _, partner, role, _ in ACCOUNTS]
    return [f"demo accounts (password {PASSWORD}):", *rows, "  resident     resident       -"]


def fresh(login: str, name: str) -> User:
    return User.objects.make(login, PASSWORD, name=name, demo=True)
