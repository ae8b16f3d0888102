"""Working maps: zone, crop, filter, sharpen, resample, mirror and rescale a map that is open."""
