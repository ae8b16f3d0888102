from difffit_core.api.composing import Composite as Composite
from difffit_core.api.composing import compose as compose
from difffit_core.api.examining import validate as validate
from difffit_core.api.fitting import Fit as Fit
from difffit_core.api.fitting import Placed as Placed
from difffit_core.api.fitting import fit as fit
from difffit_core.api.judging import Quality as Quality
from difffit_core.api.judging import difference as difference
from difffit_core.api.judging import quality as quality
from difffit_core.api.reading import DiffFitWarning as DiffFitWarning
from difffit_core.api.reading import example_map as example_map
from difffit_core.api.reading import example_model as example_model
from difffit_core.api.reading import read_map as read_map
from difffit_core.api.reading import read_model as read_model
from difffit_core.api.screening import Screen as Screen
from difffit_core.api.screening import screen as screen
from difffit_core.api.splitting import split as split
from difffit_core.api.table import Table as Table
from difffit_core.atomic_model import AtomicModel as AtomicModel
from difffit_core.density_map import DensityMap as DensityMap
from difffit_core.errors import UserError as UserError
from difffit_core.fit.region import Sphere as Sphere
from difffit_core.fit.settings import FitSettings as FitSettings
from difffit_core.pose import Pose as Pose

__version__: str
