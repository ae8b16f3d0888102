"""What the resolution of a map may be, where nothing says it."""

from difffit_app.state.session import Session

_VOXELS = 3.0
"""Voxels to a resolution: half of the maps at hand have between 2.9 and 3.5."""


def guessed_resolution(session: Session, identifier: str) -> float:
    """In Å: that of an open map with voxels of the same size, whose resolution is known, or else three voxels."""
    voxel = float(session.maps[identifier].density.voxel_size.max())
    for other, item in session.maps.items():
        known = session.resolution(other)
        if other != identifier and known is not None and abs(float(item.density.voxel_size.max()) - voxel) < 0.01 * voxel:
            return known.value
    return round(_VOXELS * voxel, 1)
