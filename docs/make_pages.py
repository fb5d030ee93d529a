"""Write the pages whose numbers come from gallery scripts, one module of docs/pages each: python docs/make_pages.py."""

from pathlib import Path

from pages.dielectric_tables import dielectric_page
from pages.echoes import echo_page
from pages.exact_theory import exact_page
from pages.iron_at_full_strength import iron_page
from pages.iron_bias import iron_bias_page

DOCS = Path(__file__).parent
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
