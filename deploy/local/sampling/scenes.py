"""What happens in the community in the sample year, scene by scene."""

from datetime import timedelta

from deploy.local.sampling.community import VISITOR, Community
from deploy.local.sampling.feed import on

READER, MATHS, CRAFT, SMALL = "reading", "maths", "craft", "small"
HOSTS = {READER: "T0101", MATHS: "T0201", CRAFT: "T0301", SMALL: "T0203"}


def play(community: Community) -> None:
    """Write the whole year."""
    members = _workshops(community)
    _sessions(community, members)
    _homework(community, members)
    _topics(community)
    _resources(community)
    _rulings(community)


def _workshops(c: Community) -> dict[str, list[str]]:
    """One of last year, one that is featured, one that is active, and one with too few members."""
    members = {
        READER: c.others(17, HOSTS[READER], "T0102", VISITOR),
        MATHS: c.others(12, HOSTS[MATHS], VISITOR),
        CRAFT: c.others(10, HOSTS[CRAFT], VISITOR),
        SMALL: c.others(8, HOSTS[SMALL], VISITOR),
    }
    members[READER] += ["T0102", VISITOR]
    founded = {
        READER: on(2, 17, "10:00"),
        MATHS: on(3, 3, "10:00"),
        CRAFT: on(11, 4, "10:00", 2024),
        SMALL: on(3, 10),
    }
    for name, people in members.items():
        c.workshop(name, HOSTS[name], founded[name], people)
    for place in range(2):
        c.workshop(f"reading-{place}", HOSTS[READER], on(3, 20 + place), [])
    c.feed.act("workshop.featured", HOSTS[READER], on(5, 12, "09:00"), {"workshop": READER})
    c.feed.act("workshop.featured", HOSTS[READER], on(9, 1, "09:00"), {"workshop": READER})
    late_member = c.others(1, HOSTS[READER], *members[READER])[0]
    c.feed.act("workshop.joined", late_member, on(5, 20), {"workshop": READER})
    return members


def _sessions(c: Community, members: dict[str, list[str]]) -> None:
    """Six of one host (one over the cap), some without material, one of somebody who is not the host."""
    reading = members[READER]
    for place, month in enumerate((4, 5, 6, 9, 10, 11)):
        joiners = [*c.dice.several(reading[:-2], 12 + c.dice.below(4)), "T0102", VISITOR]
        c.session(READER, HOSTS[READER], on(month, 8, "19:30"), joiners, joiners[:3] if place != 4 else ())
    for month in (4, 6, 10):
        joiners = c.dice.several(members[MATHS], 10 if month != 10 else 9)
        c.session(MATHS, HOSTS[MATHS], on(month, 16, "19:00"), joiners, joiners[:2])
    c.session(CRAFT, HOSTS[CRAFT], on(3, 26, "16:00"), members[CRAFT], members[CRAFT][:4])
    c.session(CRAFT, HOSTS[CRAFT], on(9, 24, "16:00"), [*members[CRAFT], HOSTS[CRAFT]], members[CRAFT][4:5])
    c.session(SMALL, HOSTS[SMALL], on(5, 21, "16:00"), members[SMALL], members[SMALL][:1])
    c.session(MATHS, members[MATHS][0], on(5, 22, "16:00"), members[MATHS][1:], members[MATHS][1:2])


def _homework(c: Community, members: dict[str, list[str]]) -> None:
    """Recommended by the host, twice the same, by somebody else, and by a host for their own."""
    for name in (READER, MATHS, CRAFT):
        for author in c.dice.several(members[name], 4):
            c.homework(author, name, HOSTS[name], c.dice.moment(on(6, 10), on(6, 28)))
    author = members[READER][0]
    for day in (3, 4):
        c.homework(author, READER, HOSTS[READER], on(11, day), "reading-essay")
    c.homework(members[MATHS][1], MATHS, members[MATHS][0], on(11, 5))
    c.homework(HOSTS[MATHS], MATHS, HOSTS[MATHS], on(11, 6))


def _topics(c: Community) -> None:
    """One author over the cap, thresholds met exactly and missed by one, repeated and own replies."""
    for month in (1, 2, 3, 3, 4, 5, 6, 9, 10, 11, 12):
        c.topic("T0102", month, c.others(10, "T0102"))
    for author in ("T0101", "T0101", "T0101", "T0101", "T0101", "T0204"):
        c.topic(author, 2 + c.dice.below(10), c.others(20, author), late=12 if author == "T0204" else None)
    c.topic("T0103", 4, c.others(19, "T0103"))
    c.topic("T0104", 4, [*c.others(9, "T0104"), "T0104"])
    once = c.others(9, "T0105")
    c.topic("T0105", 5, [*once, *once[:4]])
    for author in ("T0106", "T0202", "T0206", "T0302", "T0303", "T0206", "T0109"):
        c.topic(author, 3 + c.dice.below(9), c.others(10 + c.dice.below(6), author))
    last = c.topic("T0305", 12, c.others(9, "T0305", "T0306"), late=3)
    assert last, "the topic of the last evening has replies"
    thing = {"topic": f"topic-{c.topics:02}"}
    c.feed.act("topic.replied", "T0306", on(12, 31, "23:59:59"), thing, late=0)


def _resources(c: Community) -> None:
    """Six of one sharer, copies of one content, and ratings that just reach and just miss."""
    for month in (3, 4, 5, 6, 9, 10):
        c.resource("T0202", month)
    for place in range(5):
        c.resource("T0101", 3 + place)
    for sharer, month in (("T0107", 3), ("T0207", 4), ("T0307", 5)):
        c.resource(sharer, month, content="a lesson that went round")
    exact = c.resource("T0108", 3)
    c.ratings(exact, 4, [3] * 20, c.others(20, "T0108"))
    few = c.resource("T0208", 3)
    c.ratings(few, 4, [5] * 19, c.others(19, "T0208"))
    harsh = c.resource("T0304", 9)
    c.ratings(harsh, 10, [1] + [3] * 20, c.others(21, "T0304"))
    recovered = c.resource("T0205", 9, late=40)
    c.ratings(recovered, 10, [2] + [3] * 20 + [4], c.others(22, "T0205"))


def _rulings(c: Community) -> None:
    """Rulings of every reason, one of them before the act that it names."""
    replies = c.topic("T0110", 6, c.others(10, "T0110"))
    c.withdraw(c.author_of(replies[-1]), replies[-1], "moderation", on(7, 2))
    copied = c.resource("T0209", 5, content="somebody else's slides")
    c.resource("T0111", 6, content="somebody else's slides")
    c.withdraw("T0209", c.sharing_of(copied), "plagiarism", on(8, 20))
    mistaken = c.feed.act("workshop.joined", "T0112", on(4, 2), {"workshop": SMALL})
    c.withdraw("T0112", mistaken, "error", on(4, 3))
    bought = c.resource("T0308", 10)
    c.ratings(bought, 11, [5] * 20, c.others(20, "T0308"))
    for rating in c.ratings_of(bought)[:3]:
        c.withdraw(c.author_of(rating), rating, "fraud", on(11, 20))
    early = c.feed.act("topic.replied", "T0113", on(10, 9), {"topic": "topic-01"}, late=20)
    c.withdraw("T0113", early, "moderation", on(10, 9) + timedelta(hours=3))
