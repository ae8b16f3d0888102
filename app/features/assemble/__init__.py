"""From a folder of models to an assembly: run it, look at what it decided, and accept it."""
