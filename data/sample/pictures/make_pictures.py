"""Draw the sample pictures: `python make_pictures.py [--assets FOLDER] [--out FOLDER] [NAME ...]`.

Without --assets the sprites are fetched with `npm pack` into a temporary folder. Needs Pillow 13.0.0.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tarfile
import tempfile
import zlib
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from scene import Scene
from scenes import SCENES

PACKAGE = "@lobehub/fluent-emoji-3d@1.1.0"
OUT = Path(__file__).resolve().parent.parent / "images" / "sample"


def fetch(folder: Path) -> Path:
    """Download and unpack the sprites; returns the folder of the assets."""
    subprocess.run(["npm", "pack", PACKAGE, "--silent"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    with tarfile.open(next(folder.glob("*.tgz"))) as archive:
        archive.extractall(folder, filter="data")
    return folder / "package" / "assets"


def make(name: str, assets: Path, out: Path) -> str:
    """Draw one scene; its seed is made from its name."""
    scene = Scene(assets, zlib.crc32(name.encode()))
    SCENES[name](scene)
    path = out / f"{name}.webp"
    scene.im.save(path, quality=80, method=6)
    return f"{path.name} {path.stat().st_size / 1000:.0f} kB"


def main() -> None:
    """Read the command line and draw."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="scenes to draw; all without")
    parser.add_argument("--assets", type=Path, help="folder `assets` of the npm package")
    parser.add_argument("--out", type=Path, default=OUT, help="where the pictures go")
    args = parser.parse_args()
    unknown = sorted(set(args.names) - set(SCENES))
    if unknown:
        parser.error(f"no such scene: {', '.join(unknown)}")
    names = args.names or list(SCENES)
    args.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        assets = args.assets or fetch(Path(temporary))
        with ProcessPoolExecutor(2) as pool:
            for line in pool.map(make, names, [assets] * len(names), [args.out] * len(names)):
                sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
