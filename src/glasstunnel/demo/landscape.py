"""Two small simulated glasses searched for tunneling systems: from quenches to a heat capacity, in under a minute."""

import tempfile
from importlib.util import find_spec

import numpy as np

from glasstunnel.demo.files import example_file
from glasstunnel.report import Section, Text, sections_of

WHAT = "SIMULATED: energy landscape of two small Kob-Andersen glasses, cooled very quickly"


def run() -> tuple[list[str], list[Section]]:
    """(lines of the table, sections of the report)."""
    if find_spec("numba") is None:
        sentence = "left out: the landscape search needs an extra, pip install 'glasstunnel[landscape]'"
        return [sentence], [Section("Tunneling systems found in a simulated glass", (Text(sentence),))]
    from glasstunnel.landscape.analysis import collect
    from glasstunnel.landscape.campaign import run_campaign
    from glasstunnel.landscape.settings import read_settings

    settings = read_settings(example_file("landscape_small.toml"))
    with tempfile.TemporaryDirectory() as folder:
        campaign = run_campaign(settings, folder)
        result = collect(campaign)
        campaign.close()
    kinds = ", ".join(f"{count} {kind}{'s' * (count != 1)}" for kind, count in result.counts().items())
    lines = [f"{result.minima} minima, {len(result.edges)} proven saddles, tunneling systems: {kinds}",
             result.density.sentence()]  # fmt: skip
    if len(result.gaps):
        n = int(np.argmin(result.gaps))
        splitting = f"Delta0 {result.splittings[n]:.2g} K, method {result.method}"
        lines.append(f"smallest gap {result.gaps[n]:.3g} K ({splitting})")
    return lines, sections_of(result)
