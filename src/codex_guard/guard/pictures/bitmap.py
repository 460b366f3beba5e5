"""BMP and icons, which have no texts of their own: their ends, and the PNG pictures that icons hold.

https://learn.microsoft.com/windows/win32/gdi/bitmap-storage
https://learn.microsoft.com/previous-versions/ms997538(v=msdn.10)
"""

from codex_guard.guard.pictures import png, signature

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codex_guard.guard.pictures.found import Found


def read_bmp(data: bytes, found: "Found") -> int:  # noqa: ARG001 - a reader like all others
    """Return where the picture that ``data`` begins with ends, in bytes."""
    size, pixels = (int.from_bytes(data[at : at + 4], "little") for at in (2, 10))
    # Some writers leave the size out, or count no pixels.
    return min(size, len(data)) if size > pixels else len(data)


def read_icon(data: bytes, found: "Found") -> int:
    """Add the texts of the PNG pictures in an icon; return where its last picture ends, in bytes."""
    end = 6
    for entry in range(6, 6 + 16 * int.from_bytes(data[4:6], "little"), 16):
        if not found.step():
            break
        size, at = (int.from_bytes(data[entry + field : entry + field + 4], "little") for field in (8, 12))
        end = max(end, entry + 16, at + size)
        if signature.kind(data[at : at + signature.HEAD]) == "png":
            png.read(found.part(data, at, size), found)
    return min(end, len(data))
