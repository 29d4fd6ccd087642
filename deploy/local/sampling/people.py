"""The teachers of the sample year: invented people of three invented schools in two districts."""

from dataclasses import dataclass
from datetime import date, timedelta

from deploy.local.sampling.dice import Dice


@dataclass(frozen=True, slots=True, kw_only=True)
class School:
    """A school; `prefix` begins the numbers of its teachers."""

    prefix: str
    name: str
    district: str
    stage: str
    vocational: bool
    teachers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Teacher:
    """A row of the roster."""

    teacher: str
    name: str
    school: School
    role: str
    joined_on: date


SCHOOLS = (
    School(
        prefix="T01",
        name="广州市越秀区云麓小学",
        district="越秀区",
        stage="小学",
        vocational=False,
        teachers=22,
    ),
    School(
        prefix="T02",
        name="广州市番禺区莲湖中学",
        district="番禺区",
        stage="初中",
        vocational=False,
        teachers=22,
    ),
    School(
        prefix="T03",
        name="广州市番禺区南粤工艺职业技术学校",
        district="番禺区",
        stage="中职",
        vocational=True,
        teachers=18,
    ),
)
UNUSUAL_NAMES = {
    "T0108": "阿依古丽·买买提",
    "T0115": "禤颖珊",
    "T0205": "热依扎·叶尔肯",
    "T0217": "陈𬭎",  # a character outside the basic plane
    "T0306": "欧阳靖雯",
    "T0313": "冼文岚",
}
SURNAMES = "陈李黄张梁林王吴刘何罗郑邓谢曾冯彭苏叶蔡潘卢钟余麦关区邝霍招"
GIVEN_NAMES = (
    "嘉怡子晴俊杰晓彤志强慧敏家豪淑芬伟明雅琳文轩静雯国华思颖永康丽娟浩然婉仪建平诗敏"
    "启航玉珍泽宇佩珊海涛咏琪铭哲洁莹展鹏秋霞梓健少芳绍文乐瑶振宇凤仪耀东可欣立言惠贤"
)  # two characters each


def roster(dice: Dice) -> list[Teacher]:
    """Return everybody, in order of number."""
    return [_teacher(dice, school, number) for school in SCHOOLS for number in range(1, school.teachers + 1)]


def _teacher(dice: Dice, school: School, number: int) -> Teacher:
    identity = f"{school.prefix}{number:02}"
    invented = dice.pick(SURNAMES) + _given_name(dice)
    first_of_september = date(1994 + dice.below(31), 9, 1)
    return Teacher(
        teacher=identity,
        name=UNUSUAL_NAMES.get(identity, invented),
        school=school,
        role={1: "校长", 2: "教研组长"}.get(number, "教师"),
        joined_on=first_of_september + timedelta(days=7 * dice.below(3)),
    )


def _given_name(dice: Dice) -> str:
    place = 2 * dice.below(len(GIVEN_NAMES) // 2)
    return GIVEN_NAMES[place : place + 2]
