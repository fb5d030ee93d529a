"""Compiled algorithms of the landscape: each keeps its whole loop (dynamics, quench, band, dimer) inside one kernel.

Kernels know arrays and a `Field` (see `field`), nothing else. They need numba: the extra ``glasstunnel[landscape]``.
`algorithms` gives them for a field: compiled, or run by the interpreter around an ASE calculator.
"""

from functools import lru_cache
from importlib import import_module
from types import FunctionType, SimpleNamespace

#: algorithm -> module that holds it. Each calls `evaluate(field, slot, x, forces)` and nothing else of a model.
_MODULE = {
    "evaluate": "field", "minimize": "minimization", "propagate": "dynamics", "visit": "dynamics",
    "hessian": "curvature", "relax_band": "band", "band_forces": "band", "climb_dimer": "dimer", "soften": "dimer",
    "descend": "descent", "stiffness": "descent", "minimize_on_sphere": "sphere",
}  # fmt: skip


def algorithms(field):
    """The algorithms for a field as attributes: `minimize`, `relax_band`, `climb_dimer`, ..."""
    return interpreted() if hasattr(field, "calculate") else compiled()


@lru_cache(maxsize=1)
def compiled():
    """The compiled kernels."""
    compiled = {name: getattr(import_module(f"{__name__}.{module}"), name) for name, module in _MODULE.items()}
    return SimpleNamespace(**compiled)


@lru_cache(maxsize=1)
def interpreted():
    """The same algorithms as Python functions whose `evaluate` asks the field's calculator: one source, two ways."""
    def evaluate(field, slot, x, forces):
        return field.calculate(x, forces)

    def hessian(field, slot, x, matrix):
        made["numerical_hessian"](field, slot, x, matrix, 1e-3)

    spaces = {module: dict(vars(import_module(f"{__name__}.{module}"))) for module in set(_MODULE.values())}
    made = {"evaluate": evaluate, "hessian": hessian}
    calling, grown = set(made), True
    while grown:  # everything that calls a function that asks for forces; the rest stays compiled
        grown = False
        for space in spaces.values():
            for name, member in space.items():
                function = getattr(member, "py_func", None)
                if function and name not in calling and calling & set(function.__code__.co_names):
                    calling.add(name)
                    grown = True
    for name in sorted(calling - set(made)):
        home = next(space for space in spaces.values() if name in space)
        module = home[name].py_func.__module__.rpartition(".")[2]
        made[name] = FunctionType(spaces[module][name].py_func.__code__, spaces[module], name)
    for space in spaces.values():
        space.update({name: function for name, function in made.items() if name in space})
    return SimpleNamespace(**{name: made[name] for name in _MODULE})
