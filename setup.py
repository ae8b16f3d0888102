"""The list of packages, which pyproject.toml cannot express: `app` is installed as `difffit_app`, `resources` as `difffit_resources`."""

from setuptools import find_packages, setup

packages = ["difffit_app", "difffit_resources"]
packages += [f"difffit_app.{name}" for name in find_packages("app")]
packages += find_packages(".", include=["difffit_core", "difffit_core.*"])

setup(packages=packages)
