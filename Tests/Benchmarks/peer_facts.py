"""Facts of the peers' scripts (a .npz of month numbers, one row per family) as a table for `care-bench --only given`.

usage: peer_facts.py FACTS.npz N OUT.csv
Month 0 is January 2014, 9999 is never; every day is the first of its month.
"""
import sys

import numpy as np

NEVER = 9999
EVENTS = {
    "registered": "reg",
    "child_event": "child_event",
    "adopted": "adopt",
    "adopted_birth": "adopt_birth",
    "death": "death",
    "emergency": "emergency",
    "reproduction": "repro",
    "care_from": "care_from",
    "institution_from": "inst_from",
    "school": "school",
    "school_end": "school_end",
    "wife_birth": "wife_birth",
}
FLAGS = {"husband": "husband", "state_unit": "unit", "ivf": "ivf", "rural": "rural", "pension": "pension", "bachelor": "bachelor"}


def days(months):
    """First day of each month as text, empty for never."""
    years, month = np.divmod(months, 12)
    text = np.char.add(
        np.char.add((2014 + years).astype("U4"), "-"), np.char.add(np.char.zfill((month + 1).astype("U2"), 2), "-01")
    )
    return np.where(months == NEVER, "", text)


def main():
    path, count, out = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    facts = {name: column[:count] for name, column in np.load(path).items()}
    columns = {f"household.{name}": days(facts[source]) for name, source in EVENTS.items()}
    columns |= {f"household.{name}": facts[source].astype("U1") for name, source in FLAGS.items()}
    columns["household.grade"] = facts["grade"].astype("U1")
    columns["household.needs_care"] = (facts["care_need"] > 0).astype(int).astype("U1")
    columns["household.bad_housing"] = (facts["nohouse"] + facts["dilapidated"] > 0).astype(int).astype("U1")
    for number in ("", "2"):
        # A stretch of the second certificate may begin before the first ends, or never.
        columns[f"household.low_income:from{number}"] = days(facts[f"low_on{number}"])
        columns[f"household.low_income:to{number}"] = days(facts[f"low_off{number}"])
    with open(out, "w") as table:
        table.write(",".join(name.removesuffix("2") for name in columns) + "\n")
        for row in zip(*columns.values()):
            table.write(",".join(row) + "\n")


main()
