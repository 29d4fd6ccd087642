"""One teacher's year through four running services, wherever they run."""

from tests.support.city import City
from tests.support.deeds import person, record, workshop

LAST = "2024-12-31T23:59:59+08:00"


async def travel(city: City) -> dict[str, str]:
    """From the first act to the certificate; the row of the certificate that came of it."""
    await city.enrol(person("T1", "欧阳·明"))
    await city.do(*workshop("a", "T1", "2024-03-01"), *workshop("b", "T1", "2024-04-01"))
    await city.exchange("x", "T1", "professional", 10, LAST)
    await city.register(
        record("public", "T1", "GZ-HR-1.01", "30"),
        record("online", "T1", "GZ-HR-2.01", "24"),
        record("class", "T1", "GZ-HR-2.02", "8"),
        record("choice", "T1", "GZ-HR-3.01", "18"),
    )
    await city.close(2024)
    await city.verify(2024)
    assert (await city.result("T1", 2024))["outcome"] == "pass"
    return await city.certificate("T1", 2024)
