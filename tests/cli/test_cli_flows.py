"""`--flows DIR`: a third party's flows, sound, broken, raising and hanging."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from optout.flow.discovery import discover
from optout.model import ExitBit, Outcome, Why

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.shell import Desk, Shell

# Somebody else's platform that happens to look like the one whose practice site is at hand.
SOUND = """
print("this is not data")
from optout_flows.linkedin.flow import LinkedIn

class Other(LinkedIn):
    name = "{name}"
    title = "Other"
    origin = "https://www.linkedin.com"
    hosts = ()
    pace_s = 1.0
    {more}
"""
RAISES = """
    def embedded_reading(self, setting, texts):
        raise ValueError("a third party's mistake")
"""
HANGS = """
    def embedded_reading(self, setting, texts):
        while True:
            pass
"""


def write(folder: Path, name: str, text: str = SOUND, more: str = "") -> Path:
    """A folder of flows with this one in it, too."""
    (folder / name).mkdir(parents=True)
    (folder / name / "flow.py").write_text(text.replace("{name}", name).replace("{more}", more.strip()))
    return folder


def with_a_flow(platforms: list[dict[str, Any]]) -> set[str]:
    """The platforms that a flow visits, of those that are listed."""
    return {each["platform"] for each in platforms if each["flow_version"]}


def test_a_flow_in_a_folder_is_listed_beside_the_installed_ones(shell: Shell, tmp_path: Path) -> None:
    flows = write(tmp_path / "flows", "other")
    shell.accept(flows)
    ended = shell.optout("--flows", str(flows), "platforms", "--json")
    assert {"linkedin", "other"} <= with_a_flow(ended.data)
    assert "this is not data" in ended.err


def test_its_platform_is_visited_like_any_other(desk: Desk, tmp_path: Path) -> None:
    flows = write(tmp_path / "flows", "other")
    desk.add("ada@example.org", listed=False)
    desk.list("ada@example.org", platform="other")
    desk.shell.accept(flows)
    ended = desk.shell.optout("--flows", str(flows), "run", "other", *desk.site, "--json")
    (result,) = ended.data
    assert (ended.status, result["platform"], result["outcome"]) == (0, "other", Outcome.OPTED_OUT)


def test_broken_flows_are_named_with_their_reason_and_the_others_work(
    shell: Shell, tmp_path: Path
) -> None:
    flows = tmp_path / "flows"
    write(flows, "syntax", "class Nothing(:")
    write(flows, "raising", "raise RuntimeError('not today')")
    write(flows, "twin", SOUND.replace("{name}", "linkedin"))
    write(flows, "empty", "")
    write(
        flows, "factless", "from optout.flow import Flow\nclass Factless(Flow):\n    name = 'factless'"
    )
    write(flows, "sound")
    shell.accept(flows)
    ended = shell.optout("--flows", str(flows), "platforms", "--json")
    assert ended.status == 0
    assert with_a_flow(ended.data) - discover().flows.keys() == {"sound"}
    said = [line for line in ended.err.splitlines() if "is left out" in line]
    for name, reason in {
        "syntax": "SyntaxError",
        "raising": "not today",
        "twin": "a flow named linkedin was found before",
        "empty": "exactly one flow, and it defines 0",
        "factless": "it does not say its title, version",
    }.items():
        assert any(f"{name}/flow.py" in line and reason in line for line in said), (name, said)


def test_an_account_whose_flow_is_missing_is_named_and_sets_a_bit(desk: Desk) -> None:
    desk.add("ada@example.org", "already-out")
    desk.list("bob@example.org", platform="other")
    ended = desk.shell.optout("check", *desk.site, "--json")
    assert [each["account"] for each in ended.data] == ["ada@example.org"]
    assert "other:bob@example.org is left out because no flow for other was found" in ended.err
    assert ended.status == ExitBit.UNFORESEEN


def test_a_flow_that_raises_fails_its_own_account_only(desk: Desk, tmp_path: Path) -> None:
    flows = write(tmp_path / "flows", "other", more=RAISES)
    desk.add("ada@example.org", "already-out")
    desk.list("ada@example.org", platform="other")
    desk.shell.accept(flows)
    ended = desk.shell.optout("--flows", str(flows), "run", "other", "linkedin", *desk.site, "--json")
    said = [(each["platform"], each["outcome"], each["why"]) for each in ended.data]
    assert said == [
        ("other", Outcome.FAILED, Why.FLOW_RAISED),
        ("linkedin", Outcome.ALREADY_OUT, Why.NONE),
    ]
    assert "a third party's mistake" in ended.data[0]["reason"]
    assert ended.status == ExitBit.UNFORESEEN


def test_a_flow_that_hangs_is_given_up_and_does_not_hold_up_the_end(desk: Desk, tmp_path: Path) -> None:
    flows = write(tmp_path / "flows", "other", more=HANGS)
    desk.add("ada@example.org", listed=False)
    desk.list("ada@example.org", platform="other")
    desk.shell.accept(flows)
    ended = desk.shell.optout("--flows", str(flows), "check", "other", *desk.site, "--json")
    (result,) = ended.data
    assert (result["outcome"], result["why"]) == (Outcome.FAILED, Why.FLOW_RAISED), result
    assert "5 s" in result["reason"]
    assert result["next"]


def test_a_flow_that_breaks_where_nobody_asks_it_is_shown_on_request_only(
    desk: Desk, tmp_path: Path
) -> None:
    flows = write(tmp_path / "flows", "other", more="masks = property(lambda self: 1 / 0)")
    desk.add("ada@example.org", listed=False)
    desk.list("ada@example.org", platform="other")
    desk.shell.accept(flows)
    words = ("--flows", str(flows), "check", "other", *desk.site)
    ended = desk.shell.optout(*words)
    assert ended.status == ExitBit.UNFORESEEN
    assert "ZeroDivisionError" in ended.out
    assert "optout --debug check --site" in ended.out
    assert "flow.py" in desk.shell.optout("--debug", *words).err
