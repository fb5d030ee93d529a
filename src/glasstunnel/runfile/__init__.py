"""Run files: TOML to calls of the library. Each name is imported when first used."""

from importlib import import_module

__all__ = ["Run", "execute", "load_run", "read_glass"]


def __getattr__(name):
    if name not in __all__:
        raise AttributeError(f"module 'glasstunnel.runfile' has no attribute {name!r}")
    value = getattr(import_module("glasstunnel.runfile.run"), name)
    globals()[name] = value
    return value


def __dir__():
    return __all__
