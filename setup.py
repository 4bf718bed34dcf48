"""Packages and entry points, read from the folders: nothing outside `flows/` names a platform."""

from pathlib import Path

from setuptools import find_namespace_packages, setup

PLATFORMS = sorted(flow.parent.name for flow in Path("flows").glob("*/flow.py"))

setup(
    packages=[
        *find_namespace_packages(include=["optout", "optout.*"]),
        "optout_flows",
        *(f"optout_flows.{name}" for name in find_namespace_packages("flows")),
        "optout_catalogue",
    ],
    package_dir={"optout": "optout", "optout_flows": "flows", "optout_catalogue": "catalogue"},
    package_data={"": ["*.html", "*.css", "*.js", "*.j2", "*.mako", "*.toml", "py.typed"]},
    entry_points={
        "console_scripts": ["optout = optout.cli:main"],
        "optout.flows": [f"{name.replace('_', '-')} = optout_flows.{name}.flow" for name in PLATFORMS],
    },
)
