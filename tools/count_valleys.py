"""Valleys inside single basins, and tunneling systems between minima, of the same glasses: writes docs/valleys.json.

    python tools/count_valleys.py [GLASSES]      # about three minutes of calculation per glass

Three answers to one question: two-level systems between minima, valleys on spheres around a minimum that pass the
quantum criterion, soft modes whose quartic expansion has a second well.
"""

import json
import sys
import tempfile
from pathlib import Path

from glasstunnel.landscape.analysis import collect, valley_statistics
from glasstunnel.landscape.campaign import run_campaign
from glasstunnel.landscape.settings import settings_from

SETTINGS = {
    "sample": {"count": 250, "seed": 11}, "cooling": {"start": 0.7, "steps": 20_000},
    "harvest": {"temperature": 0.3, "replicas": 4, "segments": 50, "length": 40}, "pairs": {"max_difference": 0.3},
    "tunneling": {"units": "argon", "method": "L1", "max_asymmetry": 0.3},
    "valleys": {"minima": 5, "radii": [0.15, 0.3, 0.45], "starts": 24},
}  # fmt: skip


def main(glasses):
    """Run the campaign and write what it counted."""
    values = SETTINGS | {"sample": SETTINGS["sample"] | {"glasses": glasses}}
    with tempfile.TemporaryDirectory() as folder:
        campaign = run_campaign(settings_from(values), folder, progress=lambda text: print(text, file=sys.stderr))
        result = collect(campaign)
        campaign.close()
    counted = {"settings": values, "glasses": glasses, "minima": result.minima, "edges": len(result.edges),
               "two-level systems between minima": len(result.gaps), "valleys": valley_statistics(result.valleys),
               "rows": result.valleys}  # fmt: skip
    place = Path(__file__).parent.parent / "docs" / "valleys.json"
    place.write_text(json.dumps(counted, indent=1) + "\n", encoding="utf-8")
    print(json.dumps({key: value for key, value in counted.items() if key != "rows"}, indent=1))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 4)
