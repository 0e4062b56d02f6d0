"""Make sure that there is a browser for the tests, and write down where it is.

An installed Chromium is taken as it is; else Debian's package is installed where apt-get can be used; else Playwright
fetches its own.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

PLACE = Path(__file__).resolve().parents[2] / ".browser"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def installed() -> str | None:
    """Return the path of a Chromium that is there."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def install_package() -> None:
    """Install Debian's Chromium; without the right to, do nothing."""
    apt = shutil.which("apt-get")
    prefix = [] if os.geteuid() == 0 else ["sudo", "-n"] if shutil.which("sudo") else None
    if apt is None or prefix is None:
        return
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update", "-q"], ["install", "-y", "-q", "--no-install-recommends", "chromium"]):
        subprocess.run([*prefix, apt, *words], env=environment, check=False, stdout=subprocess.DEVNULL)


def main() -> int:
    """Find or install a browser; 0 if there is one."""
    path = installed()
    if path is None:
        install_package()
        path = installed()
    if path is None:
        fetched = subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
        if fetched.returncode != 0:
            sys.stderr.write("No browser for the tests: install Chromium and run make test again.\n")
            return 1
    PLACE.mkdir(exist_ok=True)
    (PLACE / "path").write_text(path or "", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
