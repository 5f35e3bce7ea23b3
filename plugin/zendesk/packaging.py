"""The private Zendesk app, zipped as Zendesk's upload takes it: the same bytes on every machine.

It holds no code and no address: where the sidebar lives is a setting of the installation, so one zip
serves everybody. What it must hold is checked in `tests/plugin/zendesk/validator.py`.
"""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

FOLDER = Path(__file__).parent / "package"
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The first moment that a zip can name."""
SHIPPED = ("manifest.json", "assets/*.png", "assets/*.svg", "translations/*.json")


def files() -> dict[str, bytes]:
    """What is shipped, by its name in the zip, sorted."""
    found = {path.relative_to(FOLDER).as_posix(): path for shape in SHIPPED for path in FOLDER.glob(shape)}
    return {name: found[name].read_bytes() for name in sorted(found)}


def zipped(shipped: Mapping[str, bytes]) -> bytes:
    """A zip of these files, with nothing in it of this machine or of the time."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as out:
        for name, content in shipped.items():
            about = zipfile.ZipInfo(name, EPOCH)
            about.create_system = 3  # else it tells Windows from the rest
            about.external_attr = 0o100644 << 16
            out.writestr(about, content, compress_type=zipfile.ZIP_STORED)
    return whole.getvalue()
