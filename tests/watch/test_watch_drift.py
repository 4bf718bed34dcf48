"""What has changed since a target was last out: four names, never mixed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optout.watch.drift import DriftName, put_right, standing
from tests.watch.looks import DAY, KINDS, START, looks

ON, CHANGED, SIGNED_OUT, GONE = (
    DriftName.CAME_BACK_ON,
    DriftName.PAGE_CHANGED,
    DriftName.SIGNED_OUT,
    DriftName.SETTING_GONE,
)
kinds = st.lists(st.sampled_from(sorted(KINDS)), max_size=12)


@pytest.mark.parametrize(
    ("story", "name", "alarming"),
    [
        # Coming back on alarms at once.
        (("out", "in"), ON, True),
        (("locked out", "in"), ON, True),
        (("out", "locked in"), ON, True),
        (("gone", "in"), ON, True),  # it was not offered, and now it is there and on
        (("opted", "not saved"), ON, True),
        # Everything else has to be seen twice.
        (("out", "changed"), CHANGED, False),
        (("out", "changed", "changed"), CHANGED, True),
        (("out", "signed out"), SIGNED_OUT, False),
        (("out", "signed out", "signed out"), SIGNED_OUT, True),
        (("out", "gone"), GONE, False),
        (("out", "gone", "gone"), GONE, True),
        # However the reasons take turns, two looks without a reading are two.
        (("out", "changed", "signed out"), SIGNED_OUT, True),
        (("out", "signed out", "changed"), CHANGED, True),
        # What reached nothing says nothing, and takes nothing back.
        (("out", "changed", "down", "failed", "changed"), CHANGED, True),
        (("out", "changed", "skipped"), CHANGED, False),
        # Seen on, it stays so until it is seen out, whatever hides it meanwhile.
        (("out", "in", "changed", "signed out"), ON, True),
        (("out", "in", "out", "in"), ON, True),
        # Gone is known; what hides it once does not unsay that.
        (("out", "gone", "gone", "changed"), GONE, True),
        (("out", "gone", "gone", "changed", "changed"), CHANGED, True),
    ],
)
def test_it_has_its_name_and_alarms_when_it_should(
    story: tuple[str, ...], name: DriftName, *, alarming: bool
) -> None:
    drift = standing(looks(*story), misses=2)
    assert drift is not None
    assert (drift.name, drift.alarming) == (name, alarming)


@pytest.mark.parametrize(
    "story",
    [
        (),
        ("out",),
        ("locked out",),
        ("gone", "gone"),
        ("in", "in"),  # never out: nothing has come back
        ("changed", "changed", "changed"),  # never seen well: not as expected, and no drift
        ("out", "changed", "out"),
        ("out", "in", "opted"),
        ("out", "down", "failed", "no browser"),  # nothing was seen, so nothing has drifted
        ("out", "skipped", "skipped"),
        ("opted", "undone"),
        ("opted", "undone", "in", "in", "changed", "changed"),  # somebody wanted it so
    ],
)
def test_these_are_no_drift(story: tuple[str, ...]) -> None:
    assert standing(looks(*story), misses=2) is None


def test_it_says_since_when_and_names_the_last_good_and_the_newest_look() -> None:
    drift = standing(looks("out", "out", "changed", "down", "changed", "changed"), misses=2)
    assert drift is not None
    assert (drift.since, drift.misses) == (START + 2 * DAY, 3)
    assert (drift.good.evidence, drift.found.evidence) == ("exemplar/1", "exemplar/5")


@pytest.mark.parametrize("name", DriftName)
def test_every_drift_says_what_to_do(name: DriftName) -> None:
    stories = {ON: "in", CHANGED: "changed", SIGNED_OUT: "signed out", GONE: "gone"}
    drift = standing(looks("out", stories[name]), misses=1)
    assert drift is not None
    assert (drift.name, "optout " in drift.what_to_do) == (name, True)


def test_how_many_looks_it_takes_can_be_chosen() -> None:
    story = looks("out", "changed", "changed", "changed")
    alarming = [standing(story, misses=count).alarming for count in (1, 3, 4)]  # type: ignore[union-attr]
    assert alarming == [True, True, False]


@pytest.mark.parametrize("story", [("out", "opted"), ("out", "in", "opted"), ("gone", "in", "opted")])
def test_a_setting_that_was_put_right_is_reported_all_the_same(story: tuple[str, ...]) -> None:
    drift = put_right(looks(*story))
    assert drift is not None
    assert (drift.name, drift.alarming, drift.fixed) == (ON, True, looks(*story)[-1])


@pytest.mark.parametrize(
    "story", [("opted",), ("in", "opted"), ("out", "out"), ("out", "opted", "out"), ("undone", "opted")]
)
def test_these_put_nothing_right(story: tuple[str, ...]) -> None:
    assert put_right(looks(*story)) is None


@given(kinds, st.integers(1, 4))
@settings(max_examples=300)
def test_the_looks_since_the_last_time_but_one_it_was_out_are_enough(
    story: list[str], count: int
) -> None:
    row = looks(*story)
    outs = [place for place, each in enumerate(row) if each.is_out]
    recent = row[outs[-2] :] if len(outs) > 1 else row
    assert standing(recent, misses=count) == standing(row, misses=count)
    assert put_right(recent) == put_right(row)


@given(kinds, st.integers(1, 4))
@settings(max_examples=300)
def test_nothing_unknown_is_ever_well(story: list[str], count: int) -> None:
    row = looks("out", *story, "changed")
    drift = standing(row, misses=count)
    wanted_in = any(each.wanted_in for each in row)
    assert drift is not None or wanted_in


@given(kinds, st.integers(1, 4))
@settings(max_examples=300)
def test_one_look_more_never_takes_an_alarm_back_unless_it_sees_something(
    story: list[str], count: int
) -> None:
    before = standing(looks("out", *story), misses=count)
    for hidden in ("changed", "signed out", "down", "failed", "skipped"):
        after = standing(looks("out", *story, hidden), misses=count)
        assert not (before and before.alarming) or (after and after.alarming)


def test_what_is_accepted_is_no_alarm_and_anything_else_about_it_is() -> None:
    assert standing(looks("out", "in"), misses=1, accepted=True) is None
    found = standing(looks("out", "changed"), misses=1, accepted=True)
    assert found
    assert found.name is DriftName.PAGE_CHANGED
