"""What each teacher of the sample year studied: hours from every source that can be registered.

A study is one record; a plan is a teacher's studies in one category. Every cap is met and passed by somebody,
and every category is missed by somebody, by a whole hour, by half an hour, or altogether.
"""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """One record, its dates as `MM-DD`."""

    rule: str
    hours: Decimal
    activity: str
    provider: str
    first: str
    last: str
    evidence: str = ""


CATEGORY = {"1": "public", "2": "professional", "3": "elective"}
PLATFORM, CENTRE = "广州继教网", "越秀区教师发展中心"
RESEARCH, DISTANCE, OPEN_UNIVERSITY = "广州市教育研究院", "广州市远程培训教师发展中心", "岭南师资开放学院"


def _study(rule: str, hours: str, course: tuple[str, str], dates: str, evidence: str = "") -> Study:
    (activity, provider), (first, last) = course, dates.split("/")
    return Study(
        rule=f"GZ-HR-{rule}",
        hours=Decimal(hours),
        activity=activity,
        provider=provider,
        first=first,
        last=last,
        evidence=evidence,
    )


def _public(hours: str) -> Study:
    return _study("1.01", hours, ("人工智能与教育高质量发展", PLATFORM), "03-01/08-20")


def _online(hours: str) -> Study:
    return _study("2.01", hours, ("义务教育课程标准解读", PLATFORM), "03-05/06-28")


def _class(hours: str) -> Study:
    return _study("2.02", hours, ("大单元教学设计研修班", CENTRE), "07-07/07-11", "签到表与结业名单")


def _national(hours: str) -> Study:
    return _study(
        "2.03", hours, ("国培计划骨干教师研修", "教育部教师网络研修中心"), "07-14/07-20", "国培结业证书"
    )


def _research(hours: str, dates: str) -> Study:
    return _study("2.04", hours, ("市级学科教研活动", RESEARCH), dates, "教研活动签到")


def _studio(hours: str, dates: str = "04-12/11-15") -> Study:
    return _study("2.07", hours, ("名师工作室线下研修", "名师工作室"), dates, "工作室培训通知")


def _outcome(hours: str, activity: str, day: str) -> Study:
    return _study("2.10", hours, (activity, "省级专业刊物"), f"{day}/{day}", "刊物封面与目录")


def _industry(hours: str) -> Study:
    return _study(
        "2.12b", hours, ("数控装备行业培训", "广东省机械行业协会"), "07-21/08-01", "学校同意书与结业证明"
    )


DEGREE = _study("2.09", "40", ("在职教育硕士课程", OPEN_UNIVERSITY), "03-01/12-20", "成绩单")
OTHER_DEGREE = _study("3.04", "30", ("在职工商管理课程", OPEN_UNIVERSITY), "03-01/12-20", "成绩单")
TRAINER = _study("2.06", "16", ("网络研修工作坊坊主", DISTANCE), "04-01/11-30", "开展记录")
QUALIFICATION = _study("2.12a", "20", ("高级技师职业资格", "职业技能鉴定中心"), "06-18/06-18", "资格证书")


def _school(hours: str) -> Study:
    return _study("3.02", hours, ("校本研修:课堂观察与评价", "本校"), "02-24/11-28", "校本研修考核表")


def _score(hours: str) -> Study:
    return _study("3.03", hours, ("学习强国年度积分", "学习强国"), "01-01/12-15", "加盖公章的积分证明")


def _elective(hours: str) -> Study:
    return _study("3.01", hours, ("书法与板书", PLATFORM), "04-01/05-30")


PUBLIC = {
    "full": (_public("30"),),
    "more": (_public("36"),),
    "short": (_public("24"),),
    "none": (),
}
PROFESSIONAL = {
    "online and class": (_online("24"), _class("18")),
    "research": (_online("20"), _class("12"), _research("10", "04-10/10-30")),
    "research over its cap": (
        _online("32"),
        _research("6", "04-10/04-11"),
        _research("6", "10-16/10-17"),
    ),
    "national": (_national("40"), _research("6", "05-08/05-09")),
    "studio": (_studio("30"), _online("12")),
    "studio over its cap": (_studio("30", "04-12/06-20"), _studio("20", "09-13/11-15")),
    "degree over its cap": (DEGREE, _class("16")),
    "paper": (_outcome("28", "学科教学论文(第一作者)", "05-15"), _online("20")),
    "two co-authored papers": (
        _outcome("14", "教学论文(第四作者)", "04-15"),
        _outcome("14", "课题成果(第五完成人)", "09-20"),
        _online("14"),
    ),
    "outcomes over their cap": (
        _outcome("28", "教学专著(主编)", "03-18"),
        _outcome("28", "省级课题结题(主持人)", "11-05"),
        _class("18"),
    ),
    "trainer": (TRAINER, _online("26")),
    "surplus": (_national("40"), _class("18"), _online("12")),
    "host": (_online("24"), _class("8")),
    "one by exchange": (_online("25"), _class("16")),
    "qualification": (QUALIFICATION, _online("22")),
    "industry over its cap": (_industry("60"),),
    "craft": (QUALIFICATION, _industry("20"), _research("12", "05-22/05-23")),
    "half an hour short": (_online("36.5"), _research("5", "05-08/05-09")),
    "far short": (_online("20"),),
    "none": (),
}
ELECTIVE = {
    "school": (_school("18"),),
    "school over its cap": (_school("20"),),
    "school and score": (_school("10"), _score("8")),
    "score over its cap": (_score("30"), _school("10")),
    "online": (_elective("18"),),
    "degree over its cap": (OTHER_DEGREE,),
    "more": (_school("16"), _elective("6")),
    "one by exchange": (_school("12"), _elective("5")),
    "half an hour short": (_school("17.5"),),
    "far short": (_score("4"),),
    "none": (),
}
GENERAL = (
    "online and class",
    "research",
    "research over its cap",
    "national",
    "studio",
    "paper",
    "two co-authored papers",
    "surplus",
)
ORDINARY_ELECTIVE = ("school", "school over its cap", "school and score", "online", "more")
