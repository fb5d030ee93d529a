"""What an interactive session prints of a record: one or two lines, and a small table where a notebook can show one."""

import dataclasses
import importlib
import pkgutil
import re
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest

import glasstunnel as gt
from glasstunnel.records import brief
from glasstunnel.report.numbers import with_uncertainty

#: Kernels and the insides of pages, which no function hands to a user.
INSIDE = (
    "systems.anomalous.", "systems.magnetic_ions.", "systems.ensemble", "echoes.flux.", "landscape.engine.",
    "numerics.", "plots.", "report.", "explorer.", "demo.", "cli.",
)
LONG = re.compile(r"ndarray|Mapping|tuple|dict|list|Any|Sequence|Glass\b|FitResult|Dataset\b|\bstr\b")
GLASS = gt.Glass({"larmor": gt.LarmorDiamagnetism(4e-3), "fe3": gt.MagneticIons("Fe3+", 1e20)}, name="one")
T = np.geomspace(2.0, 300.0, 12)
NASTY = "<script>alert(1)</script> $x$ & co"


def dataset(name="run", **more):
    M = gt.magnetization(GLASS, T, 2.0) + 1e-5 * np.cos(7.0 * T)
    columns = {"temperature": gt.Column(T, "K", "T (K)"), "field": gt.Column([2.0] * len(T), "T"),
               "magnetization": gt.Column(M, "A m2/kg"), "sigma": gt.Column([1e-5] * len(T), "A m2/kg")}  # fmt: skip
    return gt.Dataset(columns, "magnetization", name=name, noise="given", **more)


@pytest.fixture(scope="module")
def records():
    vary = {"larmor.susceptibility": gt.Uniform(0, 1), "fe3.concentration": gt.LogUniform(1e15, 1e22)}
    data = [dataset(), dataset("other")]
    result = gt.fit(GLASS, data, vary)
    compared = gt.compare({"larmor": (GLASS, {"larmor.susceptibility": gt.Uniform(0, 1)}), "both": (GLASS, vary)}, data)
    return {
        "glass": GLASS, "dataset": data[0], "result": result, "comparison": compared,
        "posterior": gt.posterior(result, draws=500), "profile": gt.profile(result), "curve": result.curves["run"],
        "prediction": result.predict(T, 2.0), "holdout": result.holdout(), "problem": result.problem,
        "diagnostics": result.diagnostics(), "model": compared.models[0], "column": data[0]["temperature"],
        "tension": gt.tension(GLASS, {"a": data[:1], "b": data[1:]}, vary),
    }  # fmt: skip


def published_glasses():
    """Every printed set that is a glass (an echo is none)."""
    glasses = []
    for name in gt.published_ids():
        with suppress(gt.ParameterError):
            glasses.append(gt.published(name))
    assert len(glasses) > 10
    return glasses


def public_dataclasses():
    for module in pkgutil.walk_packages(gt.__path__, "glasstunnel."):
        inside = module.name.removeprefix("glasstunnel.").startswith(INSIDE) and "contribution" not in module.name
        if inside or "__main__" in module.name or "lammps" in module.name:
            continue
        for name, kind in vars(importlib.import_module(module.name)).items():
            own = isinstance(kind, type) and kind.__module__ == module.name and not name.startswith("_")
            if own and dataclasses.is_dataclass(kind):
                yield kind


def test_every_public_record_with_much_in_it_is_shown_in_brief():
    found = list(public_dataclasses())
    assert len(found) > 100
    generated = [
        kind.__qualname__ for kind in found
        if hasattr(kind.__repr__, "__wrapped__")  # what `dataclass` writes: every field in full
        and (len(dataclasses.fields(kind)) > 8 or any(LONG.search(str(f.type)) for f in dataclasses.fields(kind)))
    ]  # fmt: skip
    assert not generated, "give them __repr__ = brief"


def test_no_record_is_long(records):
    for name, record in records.items():
        assert len(repr(record)) < 300 and "\n" not in repr(record), name
    for glass in published_glasses():
        assert len(repr(glass)) < 300, repr(glass)
        assert all(len(repr(part)) < 300 for part in glass.contributions.values())
    long = gt.Glass({f"part_{i}": gt.LarmorDiamagnetism(1e-3) for i in range(50)}, name="n" * 500)
    assert len(repr(long)) < 300
    assert len(repr(replace(dataset(), name="n" * 500))) < 300
    systems = gt.TunnelingCatalogue(1e20, asymmetries=(0.1,) * 1000, splittings=(0.5,) * 1000)
    assert len(repr(systems)) < 300 and "tuple of 1000" in repr(systems)


def test_brief_is_short_whatever_a_record_holds():
    @dataclass(frozen=True)
    class Full:
        array: Any
        words: Any
        nested: Any
        number: float = 1.5
        pairs: Any = ()

        __repr__ = brief

    inner = Full(np.zeros(1000), "w" * 1000, None)
    for value in (np.zeros((3, 1000)), "x" * 10_000, inner, [inner] * 5, {"k" * 500: 1}, list(range(10_000)), object(),
                  np.float64(0.1), b"x" * 1000):  # fmt: skip
        assert len(repr(Full(value, value, value, pairs=value))) < 300
    assert repr(Full(np.float64(0.1), "a", None)) == "Full(array=0.1, words='a', nested=None)"


def test_a_contribution_in_brief_makes_the_same_contribution():
    namespace = {name: getattr(gt, name) for name in gt.contribution_kinds()}
    for glass in published_glasses():
        for part in glass.contributions.values():
            if "..." not in repr(part) and "(" not in repr(part)[repr(part).index("(") + 1 :]:
                assert eval(repr(part), namespace | {"inf": np.inf}) == part


@pytest.mark.parametrize("name", ["glass", "dataset", "result", "comparison", "posterior"])
def test_a_notebook_shows_a_table_with_units(name, records):
    html = records[name]._repr_html_()
    assert html.count("<table>") == html.count("</table>") >= 1
    assert "A m²/(kg T)" in html.replace("\N{NO-BREAK SPACE}", " ") or name in ("dataset", "comparison")
    assert len(html) < 20_000


def test_errors_are_quoted_as_in_the_report(records):
    result = records["result"]
    path = "larmor.susceptibility"
    assert with_uncertainty(result.values[path], result.errors[path]) in result._repr_html_()


def test_text_of_a_user_stays_text_in_a_notebook():
    glass = gt.Glass({"larmor": gt.LarmorDiamagnetism(4e-3)}, name=NASTY, source=NASTY, notes=(NASTY,))
    data = dataset(NASTY, notes=(NASTY,), metadata={NASTY: NASTY})
    data = data.with_column(NASTY, gt.Column([0.0] * 12, NASTY, NASTY))
    result = gt.fit(glass, [dataset("run", notes=(NASTY,))], {"larmor.susceptibility": gt.Uniform(0, 1)})
    for record in (glass, data, result):
        html = record._repr_html_()
        assert "<script" not in html and "&lt;script&gt;" in html
        assert "mathjax_ignore" in html, "dollar signs of a user begin no mathematics"


def test_a_long_table_is_cut_and_says_so():
    many = dataset()
    for number in range(100):
        many = many.with_column(f"column_{number}", gt.Column(T, "K"))
    assert "more</p>" in many._repr_html_() and len(many._repr_html_()) < 20_000
