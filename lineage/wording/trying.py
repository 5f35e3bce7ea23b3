"""Trying an operator's template on everything that a message of its kind can be."""

from dataclasses import replace

from lineage.terms import Kind
from lineage.wording.samples import samples
from lineage.wording.write import write


def trouble_with(kind: Kind, language: str, template: str) -> str:
    """Why this template cannot be used, in a sentence that says what to do; empty where it can.

    It is tried with every case that a message of this kind can be.
    """
    for case, message in samples(kind).items():
        trouble = write(replace(message, language=language, own=template)).trouble
        if trouble:
            return f"{trouble} (Tried with: {case}.)"
    return ""
