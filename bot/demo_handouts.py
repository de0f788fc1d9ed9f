"""The demo's introduction cards, its next issue with the books to deliver, its exhibition."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from rules.calendar import Calendar
from storage.world import World

EDITION = "2026 年 11 月版"
CARDS = (
    ("service", "网站和期刊一起做：行业新闻、产品展示、企业专访、技术文章，线上线下同步推广。"),
    ("copies", "《视听技术》月刊，每期 32,000 册，寄到工程商、集成商和设计院；网站每天约 18,000 人次。"),
    ("columns", "封面故事、工程案例、新品速递、技术讲座、展会专辑。"),
    ("positions", "封二 18,000 元，封底 26,000 元，内页整版 9,800 元，半版 5,600 元；网站首页横幅每月 6,000 元。"),
    ("contract", "先签合同再登广告，一式三份，双方盖章；版位和期数写清楚，费用按合同约定的日期付。"),
    ("fairs", "今年参加四个展会：上海、北京、广州、深圳，展会专辑提前一期出。"),
    ("letter", "诚邀参与 2027 年度合作：年度客户优先选版位，赠送一次企业专访。"),
    ("notes", "每月 10 日截稿，20 日出刊；稿件和图片请提前 5 天给我们。"),
    ("web", "从企业官网、产品频道到新闻推送，按您的产品周期排一年的网络推广计划。"),
)
MAGAZINE, NUMBER = "视听技术", "2026 年第 12 期"
BOOKS = (("恒达影音", 3), ("雅声", 2), ("锦绣舞台", 2))
FAIR, PLACE = "上海国际音响展", "新国际博览中心"


def build(desks: Mapping[str, World], customers: Mapping[str, int], today: date, calendar: Calendar) -> None:
    """Put up by the manager; those who have been here for long have read the cards."""
    manager, supervisor = desks["lin"], desks["chen"]
    for topic, text in CARDS:
        made = manager.add_introduction(topic, EDITION, text, (), today)
        for account in ("liqiang", "zhangmin"):
            desks[account].open_introduction(made.id)
    due = calendar.next_working_day(calendar.next_working_day(today))
    issue = manager.put_issue(MAGAZINE, NUMBER, deliver_by=due)
    for name, copies in BOOKS:
        supervisor.plan_delivery(issue, customers[name], copies)
    first = today + timedelta(days=14)
    manager.put_exhibition(FAIR, PLACE, first, first + timedelta(days=3))
