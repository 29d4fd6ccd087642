"""The organisations of the sample year: real divisions of GB/T 2260, and below them the invented schools."""

from collections.abc import Iterator

from deploy.local.sampling.people import SCHOOLS

PROVINCE = ("P44", "province", "广东省", "", "440000")
CITY = ("C4401", "city", "广州市", "P44", "440100")
DISTRICTS = {
    "440103": "荔湾区",
    "440104": "越秀区",
    "440105": "海珠区",
    "440106": "天河区",
    "440111": "白云区",
    "440112": "黄埔区",
    "440113": "番禺区",
    "440114": "花都区",
    "440115": "南沙区",
    "440117": "从化区",
    "440118": "增城区",
}


def organisations() -> Iterator[tuple[str, ...]]:
    """Yield the tree from the top; a school is known by its name, as the roster names it."""
    yield PROVINCE
    yield CITY
    ids = {name: f"D{division}" for division, name in DISTRICTS.items()}
    for division, name in DISTRICTS.items():
        yield ids[name], "district", name, CITY[0], division
    for school in SCHOOLS:
        yield school.name, "school", school.name, ids[school.district], ""
