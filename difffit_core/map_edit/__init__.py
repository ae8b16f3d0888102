"""Working maps: a map with some of it left out, on another grid, filtered, sharpened, mirrored or rescaled. Start at `recipe`."""
