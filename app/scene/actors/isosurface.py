"""The surface on which a map has its contour level, as VTK geometry. VTK lets other threads run while it works."""

import numpy as np
from numpy.typing import NDArray
from vtkmodules.util.numpy_support import numpy_to_vtk, numpy_to_vtkIdTypeArray, vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkPoints
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkImageData, vtkPolyData
from vtkmodules.vtkFiltersCore import vtkFlyingEdges3D

from difffit_app.geometry.finer import Sight, near_any, near_part, supersampled
from difffit_core.density_map import DensityMap

_FACES_AT_ONCE = 1 << 20


def image_of(density: DensityMap, step: int = 1) -> vtkImageData:
    """Every ``step``-th voxel along each axis; with a step of 1 the values are shared, not copied."""
    values: NDArray[np.float32] = density.values if step == 1 else np.ascontiguousarray(density.values[::step, ::step, ::step])
    image = vtkImageData()
    image.SetDimensions(*values.shape[::-1])
    image.SetSpacing(*(density.voxel_size * step))
    image.SetOrigin(*density.origin)
    scalars = numpy_to_vtk(values.reshape(-1))
    scalars.SetName("density")
    image.GetPointData().SetScalars(scalars)
    return image


def contour(image: vtkImageData, level: float) -> vtkPolyData:
    """Triangles with normals where the image has the level."""
    edges = vtkFlyingEdges3D()
    edges.ComputeNormalsOn()
    edges.ComputeGradientsOff()
    edges.ComputeScalarsOff()
    edges.SetInputData(image)
    edges.SetValue(0, level)
    edges.Update()
    surface = vtkPolyData()
    surface.ShallowCopy(edges.GetOutput())
    return surface


def without_islands(surface: vtkPolyData, smallest: float) -> vtkPolyData:
    """The same without the connected pieces that enclose less than ``smallest`` Å³; hollows are pieces of their own."""
    if smallest <= 0 or surface.GetNumberOfPolys() == 0:
        return surface
    vertices, faces = arrays_of(surface)
    piece, volumes = _pieces(vertices, faces)
    keep = (volumes >= smallest)[piece]
    if keep.all():
        return surface
    number = np.cumsum(keep) - 1
    kept = faces[keep[faces[:, 0]]]
    normals = vtk_to_numpy(surface.GetPointData().GetNormals())
    return polydata(vertices[keep], normals[keep], number[kept])


def finer(surface: vtkPolyData, density: DensityMap, step: int, level: float, smallest: float, sight: Sight) -> vtkPolyData | None:
    """A surface of every ``step``-th voxel with what is seen of it from near drawn finely; None where nothing is.

    Pieces that are not in it, since they enclose less than ``smallest`` Å³, are not in its fine part either.
    """
    if surface.GetNumberOfPolys() == 0:
        return None
    vertices, faces = arrays_of(surface)
    found = near_part(vertices, density, step, sight)
    if found is None:
        return None
    box, times = found
    low, high = (density.origin + corner * density.voxel_size for corner in box)
    around = np.maximum(box[0] - 1, 0), np.minimum(box[1] + 1, density.shape_xyz - 1)  # so that normals at its faces know both sides
    fine = contour(image_of(supersampled(density, around, times)), level)
    if fine.GetNumberOfPolys() == 0:
        return None
    more, more_faces = arrays_of(fine)
    outside, more_faces = ~_inside(vertices, faces, low, high), more_faces[_inside(more, more_faces, low, high)]
    if smallest > 0:
        piece, volumes = _pieces(more, more_faces)
        kept = np.zeros(len(volumes), bool)
        kept[piece[near_any(more, vertices, density, around)]] = True
        more_faces = more_faces[kept[piece[more_faces[:, 0]]]]
    normals = np.concatenate([vtk_to_numpy(one.GetPointData().GetNormals()) for one in (surface, fine)])
    return polydata(np.concatenate([vertices, more]), normals, np.concatenate([faces[outside], more_faces + len(vertices)]))


def _inside(
    vertices: NDArray[np.float32], faces: NDArray[np.int64], low: NDArray[np.float64], high: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Which triangles (F, 3) have their middle in a box."""
    middles = (vertices[faces[:, 0]] + vertices[faces[:, 1]] + vertices[faces[:, 2]]) / 3
    return np.all((middles >= low) & (middles <= high), axis=1)


def grid_lines(surface: vtkPolyData, image: vtkImageData) -> vtkPolyData:
    """The edges of a surface that lie in the planes of the grid: a mesh of squares instead of all triangles."""
    if surface.GetNumberOfPolys() == 0:
        return surface
    vertices, faces = arrays_of(surface)
    place = (vertices - np.array(image.GetOrigin(), np.float32)) / np.array(image.GetSpacing(), np.float32)
    nearest = np.rint(place)
    plane = np.where(np.abs(place - nearest) < 1e-3, nearest, np.nan).astype(np.float32)
    found = []
    for first, second in ((0, 1), (1, 2), (2, 0)):
        pairs = faces[:, [first, second]]
        found.append(pairs[(plane[pairs[:, 0]] == plane[pairs[:, 1]]).any(axis=1)])
    pairs = np.sort(np.concatenate(found), axis=1)
    code = np.unique(pairs[:, 0].astype(np.int64) * len(vertices) + pairs[:, 1])
    lines = vtkPolyData()
    lines.SetPoints(surface.GetPoints())
    lines.SetLines(_cells(np.stack(np.divmod(code, len(vertices)), axis=1)))
    lines.GetPointData().SetNormals(surface.GetPointData().GetNormals())
    return lines


def polydata(vertices: NDArray[np.float32], normals: NDArray[np.float32], faces: NDArray[np.integer]) -> vtkPolyData:
    """Triangles ``faces`` (F, 3) with vertices and normals (V, 3), all copied."""
    points = vtkPoints()
    points.SetData(numpy_to_vtk(np.ascontiguousarray(vertices), deep=True))
    data = vtkPolyData()
    data.SetPoints(points)
    data.SetPolys(_cells(faces))
    data.GetPointData().SetNormals(numpy_to_vtk(np.ascontiguousarray(normals), deep=True))
    return data


def arrays_of(surface: vtkPolyData) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Vertices (V, 3) and triangles (F, 3)."""
    return vtk_to_numpy(surface.GetPoints().GetData()), vtk_to_numpy(surface.GetPolys().GetConnectivityArray()).reshape(-1, 3)


def _pieces(vertices: NDArray[np.float32], faces: NDArray[np.int64]) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """The connected piece (V,) of every vertex, and the volume (pieces,) in Å³ that each encloses."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    count = len(vertices)
    ends = np.concatenate([faces[:, :2], faces[:, 1:]]).astype(np.int32)
    links = coo_matrix((np.ones(len(ends), np.int8), (ends[:, 0], ends[:, 1])), shape=(count, count))
    pieces, piece = connected_components(links.tocsr(), directed=False)
    members = np.bincount(piece, minlength=pieces)
    middle = np.stack([np.bincount(piece, vertices[:, k], pieces) for k in range(3)], axis=1) / members[:, None]
    volumes = np.zeros(pieces)
    for start in range(0, len(faces), _FACES_AT_ONCE):
        part = faces[start : start + _FACES_AT_ONCE]
        of_part = piece[part[:, 0]]
        corners = vertices[part] - middle[of_part][:, None]
        sixfold = np.einsum("fi,fi->f", corners[:, 0], np.cross(corners[:, 1], corners[:, 2]))
        volumes += np.bincount(of_part, sixfold, pieces) / 6
    return piece, np.abs(volumes)


def _cells(corners: NDArray[np.integer]) -> vtkCellArray:
    """Cells (n, k) of k points each."""
    cells = vtkCellArray()
    offsets = np.arange(len(corners) + 1, dtype=np.int64) * corners.shape[1]
    flat = np.ascontiguousarray(corners, np.int64).ravel()
    cells.SetData(numpy_to_vtkIdTypeArray(offsets, deep=True), numpy_to_vtkIdTypeArray(flat, deep=True))
    return cells
