"""Where Chromium is; installs it where that is allowed, else says how. Run by `make test-browser`."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ADVICE = (
    "the browser tests need Chromium, which was not found: install it ('apt-get install chromium' on Debian, or "
    "'playwright install --with-deps chromium' anywhere), or set CHROMIUM to its path"
)


def find_chromium() -> str | None:
    """The path of a Chromium: $CHROMIUM, one of its usual names, or the one that playwright installed."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if found:
        return found
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if os.path.exists(path) else None


def main() -> int:
    """0 where a Chromium is found or could be installed; else one sentence and 2."""
    if find_chromium():
        return 0
    if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "-q"], check=False)
        subprocess.run(["apt-get", "install", "-y", "-q", "--no-install-recommends", "chromium"], check=False)
    if find_chromium():
        return 0
    print(ADVICE, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
