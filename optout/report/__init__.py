"""Results for people and for machines: one output format per file.

A format of the coverage report is a function `write(report, out)`: it is given a `Report`, whose lines
it may go through as often as it likes, one at a time, and a file open for writing bytes. `FORMATS` in
`optout/report/formats.py` names them all. Columns are fields of `Line`; adding one adds it everywhere.
"""
