"""Two families of an office, judged and told about, and the log as `carectl log view` shows it."""

from deployment import until
from offices import couple, helpers, write_roster

FIRST, SECOND = 1, 2


def roster():
    return couple(FIRST, **helpers(FIRST)) + couple(SECOND)


def told_office(deployment, folder):
    """Brings the families in and waits until they are judged and the notices delivered."""
    counts, _ = deployment.import_file(write_roster(folder / "roster.csv", roster()))
    assert counts == {"new": 2}
    deployment.ready(projected=True)
    until(lambda: {"DeterminationMade", "NoticeRaised", "NoticeDelivered"} <= kinds(view(deployment)), "notices delivered")
    return deployment


def view(deployment, *options, code=0):
    answer = deployment.carectl("log", "view", "--limit", "0", "--json", *options)
    assert answer.code == code, answer
    return answer.lines()


def kinds(events):
    return {event["event"] for event in events}


def family(deployment, number):
    return deployment.households("--number", f"CZ-{number:04d}")[0]["household"]
