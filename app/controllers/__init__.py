"""One use case each: they change the state, run the core through the workers, and know of views only what `views.base` says."""
