"""Two explanations of the same echo data: flux through anomalous systems, or nuclear quadrupoles."""

import dataclasses
import math

import numpy as np

from glasstunnel.echoes import detection
from glasstunnel.echoes.convention import convention as echo_convention
from glasstunnel.echoes.nuclear.quadrupole import nuclear_quadrupole_echo
from glasstunnel.echoes.signal import anomalous_envelope
from glasstunnel.errors import FitError
from glasstunnel.numerics.quadrature import normal_mean
from glasstunnel.studies.echo_results import EchoComparison, EchoExplanation
from glasstunnel.systems.anomalous.contribution import AnomalousTunnelingSystems
from glasstunnel.systems.glass import Glass

_RANGE = 100.0  # positive parameters may move by this factor from their start,
_ASYMMETRY_RANGE = 4.0  # the smallest asymmetry by this one: far above the carrier there is no echo
_STARTS = (0.1, 0.2, 0.4, 0.7, 1.0, 1.5, 3.0, 6.0)  # factors on the first guess of the scale of the field
_REFINED = 4  # of the starts, the best ones
_EVALUATIONS = 20


def compare_echo(
    B, amplitude, sigma, glass, pulses, T, *, nucleus, waiting_time=None, vary=("asymmetry_min", "amplitude_area_max"),
    negative=False, convention="derived", quadrupole_frequency=1e6, quadrupole_spread=0.3, axis_angle=0.3,
    orientations=400,
):
    """Fit both explanations to the same echo amplitudes: which one do the data prefer?

    "anomalous systems": A = s [1 + x j(B)], x and the cutoffs named in `vary` free. "nuclear quadrupoles":
    A = s [1 - f + f A_nuclear(B)], frequency, angle and fraction f free. The scale s, one for each waiting time, is
    free in both.

    Parameters
    ----------
    B, amplitude, sigma : (points,) flux density [T], echo amplitude in any unit, and its standard deviation.
    glass : a `Glass` with one anomalous contribution that has a dipole_moment (or the contribution): start and fixed
        values; its spectral_diffusion is the difference to that of the two-level systems.
    pulses, T, convention : the experiment, as in `echo`. nucleus : as in `nuclear_quadrupole_echo`.
    waiting_time : tau12 of each point [s]; the one of `pulses` when not given.
    negative : allow a negative relative amplitude x.
    quadrupole_frequency, axis_angle : where the nuclear fit begins [rad/s, rad]. quadrupole_spread : fixed standard
        deviation of the logarithm of the frequency. orientations : of the powder average.

    Returns an `EchoComparison`; `FitError` for data of different lengths, too few points, and sigma that is not > 0.
    """
    data = _Data(B, amplitude, sigma, pulses.waiting_times[0] if waiting_time is None else waiting_time)
    system = _anomalous(glass)
    anomalous = _Anomalous(system, pulses, T, tuple(vary), echo_convention(convention), negative)
    nuclear = _Nuclear(nucleus, quadrupole_frequency, quadrupole_spread, axis_angle, orientations)
    explanations = [_fit(model, data) for model in (anomalous, nuclear)]
    return EchoComparison(tuple(sorted(explanations, key=lambda one: one.aic)))


class _Data:
    """Checked points and the waiting times they belong to."""

    def __init__(self, B, amplitude, sigma, waiting_time):
        self.B, self.amplitude = np.asarray(B, float), np.asarray(amplitude, float)
        if self.B.ndim != 1 or self.B.shape != self.amplitude.shape:
            raise FitError(
                f"compare_echo: B and amplitude must be lists of the same length, got {self.B.shape} and "
                f"{self.amplitude.shape}"
            )
        self.sigma = np.broadcast_to(np.asarray(sigma, float), self.B.shape)
        times = np.broadcast_to(np.asarray(waiting_time, float), self.B.shape)
        for name, values in (("B", self.B), ("amplitude", self.amplitude), ("sigma", self.sigma),
                             ("waiting_time", times)):
            if not np.isfinite(values).all():
                raise FitError(f"compare_echo: {name} must be finite at every point; drop the others")
        if not (self.sigma > 0.0).all():
            raise FitError("compare_echo: sigma must be > 0 at every point")
        self.times, self.group = np.unique(times, return_inverse=True)

    def scaled(self, shape):
        """The curve with the best scale for each waiting time, and the scales."""
        weight = 1.0 / self.sigma**2
        above = np.bincount(self.group, weight * shape * self.amplitude)
        below = np.bincount(self.group, weight * shape**2)
        scales = above / np.where(below > 0.0, below, 1.0)
        return scales[self.group] * shape, scales


class _Anomalous:
    name = "anomalous systems"
    linear = 0

    def __init__(self, system, pulses, T, vary, convention, negative):
        unknown = [name for name in vary if name not in ("asymmetry_min", "amplitude_area_min", "amplitude_area_max")]
        if unknown:
            raise FitError(f"compare_echo: cannot vary {unknown[0]!r}; vary cutoffs of the anomalous systems")
        self.system, self.pulses, self.T, self.convention = system, pulses, float(T), convention
        self.parameters = ("relative_amplitude", *vary)
        self.units = dict.fromkeys(vary, "K Angstrom^2") | {"relative_amplitude": "1"}
        if "asymmetry_min" in vary:
            self.units["asymmetry_min"] = "K"
        logs = [math.log(getattr(system, name)) for name in vary]
        spans = [math.log(_ASYMMETRY_RANGE if name == "asymmetry_min" else _RANGE) for name in vary]
        self.lower = np.array([-0.95 if negative else 0.0, *np.subtract(logs, spans)])
        self.upper = np.array([20.0, *np.add(logs, spans)])
        first = -0.3 if negative else 0.3
        shift = np.array(["area_max" in name for name in vary], float)
        self.starts = [np.array([first, *(np.array(logs) - shift * math.log(factor))]) for factor in _STARTS]

    def values(self, z):
        return dict(zip(self.parameters, [float(z[0]), *np.exp(z[1:]).tolist()], strict=True))

    def slopes(self, z):
        """d value/d coordinate."""
        return np.array([1.0, *np.exp(z[1:])])

    def shape(self, z, data):
        values = self.values(z)
        x = values.pop("relative_amplitude")
        if values.get("amplitude_area_max", self.system.amplitude_area_max) <= values.get(
            "amplitude_area_min", self.system.amplitude_area_min
        ):
            return np.full(len(data.B), np.nan)
        system = dataclasses.replace(self.system, **values)
        result, reference = np.empty(len(data.B)), None
        for k, time in enumerate(data.times):
            gaps = (float(time), *self.pulses.waiting_times[1:])
            pulses = dataclasses.replace(self.pulses, waiting_times=gaps)
            detector = detection.detector(pulses, None)
            at = data.group == k
            fields = np.append(0.0, np.abs(data.B[at]))
            echo = detector.project(anomalous_envelope(system, pulses, self.T, fields, self.convention, detector))
            reference = echo[0] if reference is None else reference
            if reference == 0.0:
                return np.full(len(data.B), np.nan)
            result[at] = 1.0 + x * echo[1:] / reference
        return result


class _Nuclear:
    name = "nuclear quadrupoles"
    parameters = ("quadrupole_frequency", "axis_angle", "fraction")
    units = {"quadrupole_frequency": "rad/s", "axis_angle": "rad", "fraction": "1"}
    linear = 2

    def __init__(self, nucleus, frequency, spread, angle, orientations):
        if not (frequency > 0.0 and 0.0 < angle < 0.5 * math.pi and spread >= 0.0):
            raise FitError(
                "compare_echo: quadrupole_frequency must be > 0, axis_angle between 0 and pi/2, quadrupole_spread >= 0"
            )
        self.nucleus, self.orientations = nucleus, orientations
        nodes, self.weights = normal_mean(5)
        self.factors = np.exp(spread * nodes)
        log = math.log(frequency)
        self.lower = np.array([log - math.log(_RANGE), 1e-3, 0.0])
        self.upper = np.array([log + math.log(_RANGE), 0.5 * math.pi, 1.0])
        self.starts = [
            np.array([log + step, min(turn * angle, 1.5), 0.5])
            for step in np.linspace(-1.6, 1.6, 17) for turn in (1.0, 1.6, 2.5)
        ]

    def values(self, z):
        return dict(zip(self.parameters, [math.exp(z[0]), float(z[1]), float(z[2])], strict=True))

    def slopes(self, z):
        return np.array([math.exp(z[0]), 1.0, 1.0])

    def shape(self, z, data):
        factor = nuclear_quadrupole_echo(
            self.nucleus, math.exp(z[0]) * self.factors, float(z[1]), data.B, data.times[data.group],
            weights=self.weights, orientations=self.orientations,
        )
        return 1.0 - z[2] + z[2] * factor


def _fit(model, data):
    """Least squares from several starts, the scales eliminated."""
    from scipy.optimize import least_squares

    count = len(model.parameters) + len(data.times)
    if len(data.B) <= count:
        raise FitError(f"compare_echo: {len(data.B)} points do not determine {count} numbers of {model.name}")

    def residuals(z):
        shape = model.shape(z, data)
        if not np.isfinite(shape).all():
            return np.full(len(data.B), 1e6)
        return (data.amplitude - data.scaled(shape)[0]) / data.sigma

    starts = sorted((_with_best_share(model, data, start) for start in model.starts), key=lambda pair: pair[0])
    starts = [start for _, start in starts]
    solutions = [
        least_squares(residuals, start, bounds=(model.lower, model.upper), x_scale="jac", diff_step=1e-4,
                      max_nfev=_EVALUATIONS)
        for start in starts[:_REFINED]
    ]
    best = min(solutions, key=lambda solution: solution.cost)
    errors = _errors(best.jac) * model.slopes(best.x)
    curve, scales = data.scaled(model.shape(best.x, data))
    return EchoExplanation(
        name=model.name, values=model.values(best.x), errors=dict(zip(model.parameters, errors.tolist(), strict=True)),
        units=model.units, scales=tuple(scales.tolist()), chi2=2.0 * float(best.cost), dof=len(data.B) - count,
        parameters=count, model=curve, converged=best.status > 0,
    )


def _with_best_share(model, data, start):
    """(chi-square, start) with the best value of the one coordinate in which the curve is linear, 1 + c g(B)."""
    margin = 1e-6 * (model.upper - model.lower)
    start = np.clip(start, model.lower + margin, model.upper - margin)
    unit = start.copy()
    unit[model.linear] = 1.0
    deviation = model.shape(unit, data) - 1.0
    if not np.isfinite(deviation).all():
        return math.inf, start
    low, high = model.lower[model.linear], min(model.upper[model.linear], 3.0)
    choices = np.linspace(low, high, 82)[1:-1]
    costs = [np.sum(((data.amplitude - data.scaled(1.0 + c * deviation)[0]) / data.sigma) ** 2) for c in choices]
    start[model.linear] = choices[int(np.argmin(costs))]
    return float(min(costs)), start


def _errors(jacobian):
    """Standard errors; infinite for coordinates with a share in a direction that the data do not determine."""
    _, singular, directions = np.linalg.svd(jacobian, full_matrices=False)
    known = singular > 1e-6 * max(singular.max(), 1e-300)
    variance = np.sum((directions[known] / singular[known, None]) ** 2, axis=0)
    blind = np.any(np.abs(directions[~known]) > 0.1, axis=0) if (~known).any() else np.zeros(jacobian.shape[1], bool)
    return np.where(blind, np.inf, np.sqrt(variance))


def _anomalous(glass):
    members = glass.contributions.values() if isinstance(glass, Glass) else [glass]
    able = [part for part in members
            if isinstance(part, AnomalousTunnelingSystems) and part.dipole_moment is not None]
    if len(able) != 1:
        raise FitError(f"compare_echo: needs exactly one anomalous contribution with a dipole_moment, got {len(able)}")
    return able[0]
