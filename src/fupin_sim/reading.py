"""Files of the user's: read whole, or refused in words."""

from __future__ import annotations

import os
from hashlib import blake2b
from pathlib import Path

from fupin_sim.errors import nearest


def read_bytes(path: Path) -> bytes:
    """The bytes of a file; raises ValueError with a sentence that follows the file's name."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise ValueError(_missing(path)) from None
    except IsADirectoryError:
        raise ValueError("is a folder, not a file") from None
    except PermissionError:
        raise ValueError("is a folder, not a file" if path.is_dir() else "may not be read") from None
    except OSError as error:
        raise ValueError(f"cannot be read: {error.strerror or type(error).__name__}") from None
    except ValueError:  # a null byte in the name
        raise ValueError("is no name of a file") from None


def digest_of(data: bytes) -> str:
    """BLAKE2b-128 of the bytes, in hex: what stands for a file or a text wherever equality matters.

    >>> digest_of(b"")
    'cae66941d9efbd404e4d88758ea67670'
    """
    return blake2b(data, digest_size=16).hexdigest()


def _missing(path: Path) -> str:
    """That the file is not there, and which one nearby may be meant."""
    folder = path.parent
    try:
        names = os.listdir(folder)
    except OSError:
        return f"no such file, and no folder {folder}"
    same_kind = [name for name in names if Path(name).suffix == path.suffix and (folder / name).is_file()]
    return "no such file." + nearest(path.name, same_kind) if nearest(path.name, same_kind) else "no such file"
