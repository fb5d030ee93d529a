"""Every public function of the origins answers what it cannot use with one sentence."""

import dataclasses
import inspect
import math

import pytest

from glasstunnel import ParameterError, origins
from glasstunnel.origins import LeastAction, least_action, triple_well

FUNCTIONS = {
    name: function for name in origins.__all__
    if inspect.isfunction(function := getattr(origins, name)) and not dataclasses.is_dataclass(function)
}


def required(function):
    """Names of the arguments that must be given."""
    parameters = inspect.signature(function).parameters.values()
    return [each.name for each in parameters if each.default is each.empty and each.kind is not each.VAR_KEYWORD]


@pytest.mark.parametrize("name", [name for name, function in FUNCTIONS.items() if required(function)])
@pytest.mark.parametrize("wrong", ["x", None, math.nan, [1.0, "x"]], ids=["text", "none", "nan", "mixed"])
def test_what_is_no_argument_is_refused_in_a_sentence(name, wrong):
    with pytest.raises(ParameterError) as error:
        FUNCTIONS[name](**dict.fromkeys(required(FUNCTIONS[name]), wrong))
    assert "\n" not in str(error.value)


def test_the_action_needs_a_positive_quantum():
    least = LeastAction(1.0, 1.0, 1.0, None)
    for quantum in (0.0, -1.0, "x"):
        with pytest.raises(ParameterError, match="quantum"):
            least.barrier_exponent(quantum)
        with pytest.raises(ParameterError, match="quantum"):
            least.mass_ratio(quantum, 2.0)
    with pytest.raises(ParameterError, match="bends"):
        least_action(triple_well(1.0), bends=0)
