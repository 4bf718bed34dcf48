"""Packages and entry points, read from the folders: nothing outside `flows/` names a platform."""

from pathlib import Path

from setuptools import find_namespace_packages, setup

PLATFORMS = sorted(flow.parent.name for flow in Path("flows").glob("*/flow.py"))

setup(
    packages=[
        *find_namespace_packages(include=["optout", "optout.*"]),
        "optout_flows",
        *(f"optout_flows.{name}" for name in find_namespace_packages("flows")),
    ],
    package_dir={"optout": "optout", "optout_flows": "flows"},
    package_data={"": ["*.html", "*.css", "*.js", "*.mako", "py.typed"]},
    entry_points={
        "console_scripts": ["optout = optout.cli:main"],
        "optout.flows": [f"{name} = optout_flows.{name}.flow" for name in PLATFORMS],
    },
)
