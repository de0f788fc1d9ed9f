"""ZC-QR-009, ZC-QR-010, ZC-QR-030: what stands on the printed papers, from the job and what the customer agreed to (C-4.5.5a, C-5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from conversations.desk import Desk
from conversations.repairs import consent
from conversations.repairs.job import Job
from conversations.types import Prompt
from papers import fonts
from rules import money
from rules.repairs import jobs as rule

CODES: Mapping[str, str] = {"009": "ZC-QR-009", "010": "ZC-QR-010", "030": "ZC-QR-030"}
TITLES: Mapping[str, str] = {"009": "公共设施设备维修单", "010": "有偿服务维修单", "030": "报修记录表"}
PAID: Mapping[str, str] = {"code": "扫码", "cash": "现金", "monthly": "月底一起结", "free": "免收"}
RELATIONS: Mapping[str, str] = {"self": "本人", "family": "家人", "household": "同住", "other": "其他", "desk": "客服", "property": "物业经理"}
FREE_AT_HOME = "009"  # until the setting says otherwise
SIDE = 4  # photographs of before, and of after
MANY = 1000


@dataclass(frozen=True, slots=True)
class Printed:
    """A paper before it is set: `pictures` are names in the data with the hashes of their files."""

    layout: str
    title: str
    data: Mapping[str, Any]
    pictures: Mapping[str, str]

    @property
    def lacking(self) -> str:
        """Characters the shipped font cannot write: such a paper is not printed."""
        return fonts.missing("".join(_texts(self.data)))


def form_of(job: Job, free_at_home: str = FREE_AT_HOME) -> str:
    """A paid one is a 010; a public or vacant place a 009; what was free at home, as the firm has set it."""
    if job.paid:
        return "010"
    return free_at_home if job.place == "home" and free_at_home in ("009", "010") else "009"


def of_job(desk: Desk, job: Job, *, coded: bool = True) -> Printed:
    """The 009 or 010 of a job as it stands; `coded`: with the code to scan, which is drawn and kept."""
    signed = _newest(desk.agreements(job.id), "signature")
    form = form_of(job, str(desk.setting("free_home_paper", FREE_AT_HOME)))
    pictures = _pictures(job, signed, desk.code_of(job.id) if coded else "")
    data = {
        **_heading(desk, job),
        "code": CODES[form],
        "number": job.number,
        "fields": _fields(desk, job),
        "before": [name for name in pictures if name.startswith("before")],
        "after": [name for name in pictures if name.startswith("after")],
        "signed_label": "客户签名" if job.place == "home" else f"{rule.SIGNERS.get(job.signer, '')}签字",
        **_signature(desk, job, signed),
    }
    return Printed(CODES[form], f"{TITLES[form]} {job.number}", data | (_prices(desk, job) if form == "010" else {}), pictures)


def files(desk: Desk, job: Job) -> tuple[str, ...]:
    """To attach: the picture first, then the paper; nothing while a character cannot be printed."""
    paper = of_job(desk, job)
    if paper.lacking:
        return ()
    pdf, preview = desk.print_out(paper.layout, paper.data, paper.pictures, paper.title)
    return preview, pdf


def with_paper(desk: Desk, job: Job, prompt: Prompt) -> Prompt:
    """What is said about a job that is closed carries its paper, or says why there is none."""
    if job.state != "closed":
        return prompt
    paper = of_job(desk, job)
    if lacking := paper.lacking:
        return replace(prompt, text=f"{prompt.text}\n{unprintable(lacking)}")
    pdf, preview = desk.print_out(paper.layout, paper.data, paper.pictures, paper.title)
    return replace(prompt, attach=(*prompt.attach, preview, pdf))


def unprintable(lacking: str) -> str:
    return f"「{lacking}」印不出来，单子先不打。记录都在，请换个写法再打。"


def register(desk: Desk, day: date) -> Printed:
    """《报修记录表》 of a day, in order of number."""
    jobs = sorted(desk.jobs(day=day, limit=MANY), key=lambda job: (job.station_id, job.nth))
    stations = {job.station_id for job in jobs}
    station = desk.station(stations.pop()) if len(stations) == 1 else None
    data = {
        "firm": str(desk.setting("firm_name", "") or "") or (station.name if station else ""),
        "phone": (station.phone if station else "") or str(desk.setting("firm_phone", "") or ""),
        "code": CODES["030"],
        "number": f"{day:%Y%m%d}",
        "day": _day(day),
        "lines": [line(desk, job) for job in jobs],
        "sums": sums(jobs),
        "printed_at": _at(desk, desk.now, True),
    }
    return Printed(CODES["030"], f"{TITLES['030']} {_day(day)}", data, {})


def line(desk: Desk, job: Job) -> list[str]:
    """As it stands in the register: number, reported, where, who, what, technician, arrived, done, charged, state."""
    return [
        job.number,
        _at(desk, job.opened_at),
        job.address,
        "\n".join(part for part in (job.caller, job.phone) if part),
        f"{f'【{job.urgent}】' if job.urgent else ''}{job.what}",
        _name(desk, job.technician_id),
        _at(desk, job.arrived_at),
        _at(desk, job.closed_at),
        charged(job),
        rule.STATES[job.state],
    ]


def charged(job: Job) -> str:
    """What the customer owes for it, "" where nothing is charged."""
    return money.exact(job.agreed.total) if job.paid and job.agreed and job.data.get("how") != "free" else ""


def sums(jobs: Sequence[Job]) -> str:
    """共 12 单，完成 10 单，收费 385.00 元: the foot of the register."""
    done = sum(job.state == "closed" for job in jobs)
    fen = sum(job.agreed.total for job in jobs if job.agreed and charged(job) and job.state == "closed")
    urgent = sum(bool(job.urgent) for job in jobs)
    return f"共 {len(jobs)} 单，完成 {done} 单{f'，紧急 {urgent} 单' if urgent else ''}，收费 {money.exact(fen)} 元"


def _heading(desk: Desk, job: Job) -> dict[str, str]:
    """The firm, its station, and the telephone number people know."""
    station = desk.station(job.station_id)
    firm = str(desk.setting("firm_name", "") or "")
    names = dict.fromkeys(part for part in (firm, station.name if station else "") if part)
    return {"firm": "　".join(names), "phone": (station.phone if station else "") or str(desk.setting("firm_phone", "") or "")}


def _fields(desk: Desk, job: Job) -> list[list[str]]:
    """Labels and values, in pairs or one a line."""
    rows = [
        ["地址", job.address, "报修人", " ".join(part for part in (job.caller, job.phone) if part) or "—"],
        ["报修内容", f"{f'【{job.urgent}】' if job.urgent else ''}{job.what}", "类别", rule.PLACES[job.place]],
        ["报修时间", _at(desk, job.opened_at, True), "受理人", _name(desk, job.by_id)],
        ["维修员", _name(desk, job.technician_id), "约定时间", _at(desk, job.at, True) or "尽快"],
        ["到场", _at(desk, job.arrived_at, True), "完成", _at(desk, _finished(desk, job), True)],
        ["查到", "；".join(job.findings) or "—"],
        ["现场试用", _trials(job), "返工", f"{job.rounds} 次" if job.rounds else "没有"],
    ]
    if job.data.get("parts"):
        rows.append(["配件", str(job.data["parts"])])
    if job.paid and job.data.get("how") in PAID:
        rows.append(["付款", _paid(desk, job)])
    return rows


def _paid(desk: Desk, job: Job) -> str:
    allowed = _name(desk, int(job.data.get("allowed_by") or 0))
    payer = f"，{job.data['payer']}付" if job.data.get("payer") and job.data["how"] != "free" else ""
    return PAID[str(job.data["how"])] + payer + (f"（{allowed}同意）" if job.data["how"] == "free" and allowed else "")


def _trials(job: Job) -> str:
    if not job.trials:
        return "—"
    well = sum(job.trials)
    return f"试 {len(job.trials)} 次，都正常" if well == len(job.trials) else f"试 {len(job.trials)} 次，{well} 次正常，最后 {rule.TRIALS} 次都正常"


def _prices(desk: Desk, job: Job) -> dict[str, Any]:
    """The lines the customer agreed to, word for word; one free of charge has none."""
    agreed = job.agreed
    if agreed is None:
        return {"lines": [], "total": "0.00", "capitals": money.capitals(0), "version": "", "consent": "这次不收费。"}
    lines = [[one.name, one.unit, str(one.count), money.exact(one.fen), money.exact(one.sum)] for one in agreed.lines]
    at = job.data.get("agreed_at")
    consent = f"客户 {_at(desk, datetime.fromisoformat(str(at)), True)} 同意。" if at else ""
    waived = "费用已减免。" if job.data.get("how") == "free" or "waived" in job.data else ""
    return {"lines": lines, "total": money.exact(agreed.total), "capitals": agreed.capitals, "version": agreed.version, "consent": consent + waived}


def _signature(desk: Desk, job: Job, signed: Mapping[str, Any] | None) -> dict[str, str]:
    """Who signed and when; or why nobody did."""
    if signed is None:
        why = str(job.data.get("unsigned") or "")
        return {"signed_who": f"没签名：{why}" if why else "", "signed_at": ""}
    written = str(signed.get("name") or "")
    name = consent.signer(job, written, str(signed.get("relation") or ""))
    relation = RELATIONS.get(str(signed.get("relation") or ""), "") if name in (written, job.caller, "客户") else ""
    if _as_photographed(signed):
        name = f"{written}签在纸上，见照片"
    at = signed.get("at")
    return {"signed_who": f"{name}{f'（{relation}）' if relation else ''}", "signed_at": _at(desk, at if isinstance(at, datetime) else None, True)}


def _pictures(job: Job, signed: Mapping[str, Any] | None, code: str) -> dict[str, str]:
    found = {f"before-{nth}.jpg": sha for nth, sha in enumerate(job.before[:SIDE])}
    found |= {f"after-{nth}.jpg": sha for nth, sha in enumerate(job.after[:SIDE])}
    if signed is not None and signed.get("picture"):
        found["after-signed.jpg" if _as_photographed(signed) else "signature.png"] = str(signed["picture"])
    return found | ({"qr.png": code} if code else {})


def _as_photographed(signed: Mapping[str, Any]) -> bool:
    """Nothing was cut out of the photograph of the signed form: it stands whole among the photographs."""
    return (signed.get("facts") or {}).get("original") == signed.get("picture")


def _newest(agreements: Sequence[Mapping[str, Any]], kind: str) -> Mapping[str, Any] | None:
    return next((one for one in reversed(agreements) if one["kind"] == kind), None)


def _finished(desk: Desk, job: Job) -> datetime | None:
    at = job.data.get("signed_at")
    return datetime.fromisoformat(str(at)) if at else job.closed_at


def _name(desk: Desk, id: int) -> str:
    who = desk.person(id) if id else None
    return who.name if who is not None else ""


def _at(desk: Desk, at: datetime | None, dated: bool = False) -> str:
    if at is None:
        return ""
    local = desk.calendar.local(at)
    return f"{local.month} 月 {local.day} 日 {local:%H:%M}" if dated else f"{local:%H:%M}"


def _day(day: date) -> str:
    return f"{day.year} 年 {day.month} 月 {day.day} 日"


def _texts(value: Any) -> Sequence[str]:
    if isinstance(value, Mapping):
        return [text for each in value.values() for text in _texts(each)]
    if isinstance(value, list | tuple):
        return [text for each in value for text in _texts(each)]
    return [value] if isinstance(value, str) else []
