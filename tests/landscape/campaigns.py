"""A campaign small enough for tests."""

import json

TINY = {"sample": {"glasses": 2, "count": 150}, "cooling": {"steps": 200}, "pairs": {"limit": 1, "max_difference": 2.0},
        "harvest": {"replicas": 1, "segments": 5, "temperature": 0.45},
        "tunneling": {"method": "L0", "max_asymmetry": 3.0, "max_barrier": 3.0, "charges": [-0.5, 2.0]},
        "valleys": {"minima": 1, "radii": [0.2], "starts": 6}}  # fmt: skip


def write(tmp_path, values):
    """A campaign file with these values."""
    lines = []
    for name, section in values.items():
        lines += [f"[{name}]", *(f"{key} = {json.dumps(value)}" for key, value in section.items())]
    path = tmp_path / "campaign.toml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
