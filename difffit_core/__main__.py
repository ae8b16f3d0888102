"""``python -m difffit_core`` is `difffit`."""

from difffit_core.start import main

if __name__ == "__main__":
    main()
