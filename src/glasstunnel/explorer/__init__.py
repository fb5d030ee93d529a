"""`glasstunnel explore`: every observable of a glass under your hand, in the browser.

A small server (Starlette, the extra ``glasstunnel[explore]``) and one page over the tables of contributions and
observables. The page holds no physics, no units and no parameter names. Each name is imported when first used.
"""

from importlib import import_module

__all__ = ["Explorer", "explore"]


def __getattr__(name):
    if name not in __all__:
        raise AttributeError(f"module 'glasstunnel.explorer' has no attribute {name!r}")
    return getattr(import_module("glasstunnel.explorer.launch"), name)


def __dir__():
    return __all__
