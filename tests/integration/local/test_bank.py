"""How the main job speaks to services: patience with those who are away, none with those who refuse."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from joserfc import jwt

from deploy.local import bank, sending
from deploy.local.bank import Bank, BankError, Service, follow, wait_until_heard
from deploy.local.intake import Fault
from deploy.local.issuer.bearer import Bearer
from deploy.local.issuer.mint import Mint
from deploy.local.progress import Step
from deploy.local.sending import Address, Tally

Answer = tuple[int, Any]


class Counter(ThreadingHTTPServer):
    """A real HTTP server that gives prepared answers and notes what it was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Desk)
        self.answers: list[Answer] = []
        self.asked: list[tuple[str, str, str, bytes]] = []
        self.signed: list[str] = []


class Desk(BaseHTTPRequestHandler):
    server: Counter

    def do_GET(self) -> None:
        self.answer()

    def do_POST(self) -> None:
        self.answer()

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        key = self.headers.get("Idempotency-Key", "")
        self.server.asked.append((self.command, self.path, key, body))
        self.server.signed.append(self.headers.get("Authorization", ""))
        status, answer = self.server.answers.pop(0)
        content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Say nothing."""


@pytest.fixture
def counter() -> Iterator[Counter]:
    with Counter() as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def service(counter: Counter) -> Iterator[Service]:
    made = Service("hours", f"http://127.0.0.1:{counter.server_port}", lambda: None)
    yield made
    made.close()


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bank, "PAUSE", 0.001)


def step() -> Step:
    return Step(0, None, None)


def test_a_service_that_is_away_is_asked_again_under_the_same_key(counter: Counter, service: Service) -> None:
    counter.answers = [(503, {"code": "store.away"}), (502, b"gateway"), (200, {"fine": True})]
    assert service.post("/v1/roster", {"teachers": []}) == {"fine": True}
    assert len({key for _, _, key, _ in counter.asked}) == 1
    assert len(counter.asked) == 3


def test_two_requests_have_two_keys(counter: Counter, service: Service) -> None:
    counter.answers = [(200, {}), (200, {})]
    for _ in range(2):
        service.post("/v1/roster", {})
    assert len({key for _, _, key, _ in counter.asked}) == 2


def test_every_request_is_signed_in_also_when_it_is_sent_again(counter: Counter, tmp_path: Path) -> None:
    mint = Mint.open(tmp_path, "http://127.0.0.1:8105")
    url = f"http://127.0.0.1:{counter.server_port}"
    services = ("points", "hours", "verification", "certificates")
    counter.answers = [(503, {}), (200, {}), (200, b""), *[(200, {})] * 3]
    with Bank(dict.fromkeys(services, url), lambda: None, lambda role: Bearer(mint, [role])) as bank:
        bank.hours.post("/v1/roster", {})
        bank.points.stream("/v1/activities", b"{}")
        for service in (bank.points, bank.verification, bank.certificates):
            service.get("/v1/x")
    assert len(counter.signed) == 6
    for header in counter.signed:
        scheme, _, token = header.partition(" ")
        assert scheme == "Bearer"
        claims = jwt.decode(token, mint.key, algorithms=["ES256"]).claims
        assert claims["roles"] == ["operator@deployment:local"]


def test_a_service_that_stays_away_ends_the_run(
    counter: Counter, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bank, "PATIENCE", 0.0)
    counter.answers = [(503, {"code": "store.away", "detail": "The database is away."})] * 3
    with pytest.raises(BankError, match=r"hours does not answer GET /v1/x: store.away: The database is away"):
        service.get("/v1/x")


def test_waiting_ends_when_the_stack_has_failed(counter: Counter) -> None:
    def failed() -> None:
        raise BankError("points died six times")

    impatient = Service("points", f"http://127.0.0.1:{counter.server_port}", failed)
    counter.answers = [(503, {})]
    with pytest.raises(BankError, match="died six times"):
        impatient.get("/v1/x")
    impatient.close()


def test_nobody_at_home_is_away_too(
    service: Service, counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bank, "PATIENCE", 0.0)
    counter.server_close()
    with pytest.raises(BankError, match="hours does not answer"):
        service.get("/v1/x")


def test_a_refusal_ends_the_run_with_its_words_and_places(counter: Counter, service: Service) -> None:
    errors = [{"path": "/scope/kind", "code": "field.not_allowed", "detail": "The value is not allowed."}]
    counter.answers = [(422, {"code": "body.invalid", "errors": errors})]
    with pytest.raises(BankError, match=r"POST /v1/runs: body.invalid: /scope/kind The value is not allowed"):
        service.post("/v1/runs", {})


def test_an_answer_that_is_no_problem_document_is_shown_as_it_is(counter: Counter, service: Service) -> None:
    counter.answers = [(500, b"<html>broken</html>")]
    with pytest.raises(BankError, match="500 <html>broken"):
        service.get("/v1/x")


def test_lists_are_followed_to_their_end(counter: Counter, service: Service) -> None:
    counter.answers = [
        (200, {"items": [{"n": 1}], "next": "abc"}),
        (200, {"items": [{"n": 2}], "next": None}),
    ]
    assert list(service.pages("/v1/totals", year=2025)) == [{"n": 1}, {"n": 2}]
    assert [path for _, path, _, _ in counter.asked] == [
        "/v1/totals?year=2025&limit=1000",
        "/v1/totals?year=2025&cursor=abc&limit=1000",
    ]


def test_waiting_is_over_when_every_head_is_reached(counter: Counter, service: Service) -> None:
    def positions(ends: dict[str, int]) -> Answer:
        return 200, {"positions": {"hours": ends} if ends else {}, "parked": 2}

    counter.answers = [(200, {"heads": {"32": 5, "33": 1, "34": 0}})]
    counter.answers += [positions({}), positions({"32": 5}), positions({"32": 6, "33": 1})]
    assert wait_until_heard(service, service) == 2
    assert counter.answers == []


def test_waiting_for_who_hears_nothing_any_more_ends_the_run(
    counter: Counter, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bank, "PATIENCE", 0.0)
    counter.answers = [(200, {"heads": {"32": 5}}), *[(200, {"positions": {}, "parked": 3})] * 3]
    with pytest.raises(BankError, match="hours no longer hears hours: 5 events behind, 3 parked"):
        wait_until_heard(service, service)


def test_following_ends_the_run_when_nothing_moves(
    counter: Counter, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bank, "PATIENCE", 0.0)
    counter.answers = [(200, {"done": 1}), *[(200, {"done": 2})] * 5]
    with pytest.raises(BankError, match="nothing moves at /v1/runs/7"):
        list(follow(service, "/v1/runs/7"))


def lines(*texts: str) -> list[tuple[int, bytes]]:
    return [(number, text.encode()) for number, text in enumerate(texts, start=5)]


def test_results_are_counted_and_refusals_name_their_lines(counter: Counter, service: Service) -> None:
    refused = {"index": 2, "status": 422, "problem": {"code": "field.missing", "detail": "missing"}}
    answered = [{"index": 0, "status": 201}, {"index": 1, "status": 201, "replayed": True}, refused]
    counter.answers = [(200, b"\n".join(json.dumps(one).encode() for one in answered))]
    tally, progress = Tally("activities.ndjson"), step()
    sending.send_lines(service, lines("{}", "{}", "{}"), tally, progress)
    assert (tally.new, tally.known, tally.rows, progress.done) == (1, 1, 3, 3)
    assert tally.refused == [Fault(file="activities.ndjson", line=7, reason="field.missing: missing")]
    assert counter.asked[0][3] == b"{}\n{}\n{}\n"


def test_what_is_held_together_is_sent_in_portions(
    counter: Counter, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "PORTION", 2)
    counter.answers = [
        (200, {"results": [{"seat": "1"}, {"seat": "2"}]}),
        (200, {"results": [{"seat": "3"}]}),
    ]
    address = Address(service, "/v1/classes/K/seats", "teachers")
    told = sending.send_bodies(address, iter(["T1", "T2", "T3"]))
    assert [one["seat"] for one in told] == ["1", "2", "3"]
    assert [json.loads(body) for *_, body in counter.asked] == [
        {"teachers": ["T1", "T2"]},
        {"teachers": ["T3"]},
    ]


def test_a_result_that_is_missing_ends_the_run(counter: Counter, service: Service) -> None:
    counter.answers = [(200, b'{"index": 0, "status": 201}')]
    with pytest.raises(BankError, match="1 results for 2 rows"):
        sending.send_lines(service, lines("{}", "{}"), Tally("activities.ndjson"), step())


@pytest.mark.parametrize(("count", "sizes"), [(0, []), (3, [3]), (4, [3, 1])])
def test_portions_lose_nothing(count: int, sizes: list[int]) -> None:
    assert [len(portion) for portion in sending.portions(range(count), 3)] == sizes
