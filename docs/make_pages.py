"""Write the pages whose numbers come from gallery scripts, one module of docs/pages each: python docs/make_pages.py."""

import sys
from pathlib import Path

DOCS = Path(__file__).parent
sys.path.insert(0, str(DOCS))

from pages.dielectric_tables import dielectric_page  # noqa: E402
from pages.echoes import echo_page  # noqa: E402
from pages.exact_theory import exact_page  # noqa: E402
from pages.iron_at_full_strength import iron_page  # noqa: E402
from pages.iron_bias import iron_bias_page  # noqa: E402

PAGES = {
    "iron_bias.md": iron_bias_page,
    "what_the_exact_theory_changes.md": exact_page,
    "dielectric_tables.md": dielectric_page,
    "echoes.md": echo_page,
    "iron_at_full_strength.md": iron_page,
}

if __name__ == "__main__":
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8")
        print(name)
