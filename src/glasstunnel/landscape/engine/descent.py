"""Accurate steepest descent: dx/dt = f/m by a stabilized Runge-Kutta-Chebyshev method of second order.

Only accurate descent defines to which minimum a point belongs; minimizers jump between basins.
[B. P. Sommeijer, L. F. Shampine, J. G. Verwer, J. Comput. Appl. Math. 88, 315 (1998)]
"""

import numpy as np

from glasstunnel.landscape.engine.compile import kernel
from glasstunnel.landscape.engine.field import evaluate
from glasstunnel.landscape.engine.records import Stride
from glasstunnel.landscape.engine.vectors import combine, inner, largest, normalize, rescale

STAGES = 40


@kernel
def drift(field, slot, x, mobility, out):
    """out = mobility * forces at x."""
    evaluate(field, slot, x, out)
    for i in range(x.shape[0]):
        for k in range(3):
            out[i, k] *= mobility[i]


@kernel
def stiffness(field, slot, x, start, mobility):
    """Largest eigenvalue of the Hessian times the mobilities, by power iteration; an upper estimate (factor 1.2)."""
    vector, point, there = np.empty_like(x), np.empty_like(x), np.empty_like(x)
    for i in range(x.shape[0]):
        for k in range(3):
            vector[i, k] = np.sin(12.9898 * (3 * i + k + 1))
    value = 1.0
    for _n in range(20):
        normalize(vector)
        combine(point, x, 1e-5, vector)
        drift(field, slot, point, mobility, there)
        combine(vector, start, -1.0, there)
        value = np.sqrt(inner(vector, vector)) / 1e-5
    return 1.2 * value


@kernel
def chebyshev_step(field, slot, x, start, stride, new):
    """One step from x with drift `start`: writes the new point."""
    h, stages = stride.h, stride.stages
    w0 = 1.0 + (2.0 / 13.0) / (stages * stages)
    root = np.sqrt(w0 * w0 - 1.0)
    angle = stages * np.log(w0 + root)
    w1 = (np.sinh(angle) * root * root) / (np.cosh(angle) * stages * root - w0 * np.sinh(angle))
    b_old = b_older = 1.0 / (4.0 * w0 * w0)
    t_old, t_older, d_old, d_older, dd_old, dd_older = w0, 1.0, 1.0, 0.0, 0.0, 0.0
    older, old, force = np.empty_like(x), np.empty_like(x), np.empty_like(x)
    rescale(older, x, 1.0)
    combine(old, x, w1 * b_old * h, start)
    for _j in range(2, stages + 1):
        t = 2.0 * w0 * t_old - t_older
        d = 2.0 * (w0 * d_old + t_old) - d_older
        dd = 2.0 * (w0 * dd_old + 2.0 * d_old) - dd_older
        b = dd / (d * d)
        mu, nu = 2.0 * w0 * b / b_old, -b / b_older
        gain = 2.0 * w1 * b / b_old
        drift(field, slot, old, stride.mobility, force)
        rescale(new, x, 1.0 - mu - nu)
        combine(new, new, mu, old)
        combine(new, new, nu, older)
        combine(new, new, h * gain, force)
        combine(new, new, -h * gain * (1.0 - t_old * b_old), start)
        older, old = old, older
        rescale(old, new, 1.0)
        t_older, t_old, d_older, d_old, dd_older, dd_old, b_older, b_old = t_old, t, d_old, d, dd_old, dd, b_old, b


@kernel
def step_error(x, new, start, end, h):
    """Estimated error of a step (largest atom)."""
    worst = 0.0
    for i in range(x.shape[0]):
        square = 0.0
        for k in range(3):
            square += (0.8 * (x[i, k] - new[i, k]) + 0.4 * h * (start[i, k] + end[i, k])) ** 2
        worst = max(worst, square)
    return np.sqrt(worst)


@kernel
def descend(field, slot, x, rule, path):
    """Follow steepest descent from x (in place) and store points (points, atoms, 3) not farther than `spacing` apart.

    rule : a `Descent`; its accuracy is the allowed error of a step (largest atom). Stops where the force has fallen
    below its `stop` and below a tenth of the largest on the way. Returns (points stored, largest force, force
    evaluations); `limit` evaluations or a full path end it too.
    """
    mobility, accuracy, stop = rule.mobility, rule.accuracy, rule.stop
    start, end, new = np.empty_like(x), np.empty_like(x), np.empty_like(x)
    drift(field, slot, x, mobility, start)
    rate = stiffness(field, slot, x, start, mobility)
    calls, stored, strongest = 22, 0, 0.0
    h = 0.5 / rate
    while calls < rule.limit and stored < path.shape[0]:
        speed = largest(start)
        strongest = max(strongest, speed)
        if speed < stop and speed < 0.1 * strongest:
            break
        h = min(h, 0.65 * STAGES * STAGES / rate, rule.spacing / max(np.sqrt(inner(start, start)), 1e-300))
        stages = max(2, int(np.ceil(np.sqrt(1.0 + 1.54 * h * rate))))
        chebyshev_step(field, slot, x, start, Stride(mobility, h, stages), new)
        drift(field, slot, new, mobility, end)
        calls += stages
        error = step_error(x, new, start, end, h)
        if error <= accuracy:
            rescale(x, new, 1.0)
            rescale(start, end, 1.0)
            rescale(path[stored], x, 1.0)
            stored += 1
            if stored % 25 == 0:
                rate = stiffness(field, slot, x, start, mobility)
                calls += 21
        h *= min(3.0, max(0.2, 0.8 * (accuracy / max(error, 1e-300)) ** (1.0 / 3.0)))
    return stored, largest(start), calls
