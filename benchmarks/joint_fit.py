"""One joint fit, 9 fields x 150 temperatures, 8 free parameters: ``python -m benchmarks.joint_fit effective|exact``."""

import sys

import numpy as np

import glasstunnel as gt

FIELDS = (0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 4.0, 5.0, 6.5)
NOISE = 0.003


def glass(theory):
    cutoffs = dict(
        density=1.4e19, asymmetry_min=0.0599, asymmetry_max=None, amplitude_area_min=8.87e4, amplitude_area_max=1.2e5,
        flux_field=1.3, activation_energy=0.48,
    )
    return gt.Glass({
        "ats": gt.AnomalousTunnelingSystems(**cutoffs, theory=theory),
        "larmor": gt.LarmorDiamagnetism(3.6e-3),
        "fe2": gt.MagneticIons("Fe2+", 6.69e18),
        "fe3": gt.MagneticIons("Fe3+", 3.43e18),
    })


VARY = {
    "ats.density": gt.LogUniform(1e17, 1e21),
    "ats.asymmetry_min": gt.LogUniform(1e-3, 1.0),
    "ats.amplitude_area_min": gt.LogUniform(1e4, 1e5),
    "ats.amplitude_area_max": gt.LogUniform(1.0001e5, 1e6),
    "ats.activation_energy": gt.Uniform(0.0, 1.0),
    "larmor.susceptibility": gt.Uniform(0.0, 1e-2),
    "fe2.concentration": gt.Uniform(0.0, 1e20),
    "fe3.concentration": gt.Uniform(0.0, 1e20),
}


def simulated(truth):
    """Nine runs with a known noise of `NOISE` of the value."""
    random = np.random.default_rng(20)
    T = np.geomspace(2.0, 300.0, 150)
    runs = []
    for B in FIELDS:
        exact = gt.magnetization(truth, T, B)
        sigma = NOISE * np.abs(exact) + 1e-9
        columns = {
            "temperature": gt.Column(T, "K"),
            "field": gt.Column(np.full(T.size, B), "T"),
            "magnetization": gt.Column(exact + sigma * random.standard_normal(T.size), "A m2/kg"),
            "sigma": gt.Column(sigma, "A m2/kg"),
        }
        runs.append(gt.Dataset(columns, "magnetization", name=f"B{B:g}T".replace(".", "p"), noise="simulated"))
    return runs


def main(theory):
    truth = glass(theory)
    start = truth.with_values({
        "ats.density": 2e19, "ats.asymmetry_min": 0.1, "ats.amplitude_area_min": 6e4, "ats.amplitude_area_max": 1.5e5,
        "ats.activation_energy": 0.3, "larmor.susceptibility": 4e-3, "fe2.concentration": 1e19,
        "fe3.concentration": 1e18,
    })
    result = gt.fit(start, simulated(truth), VARY)
    print(result.report())
    return 0 if result.converged else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
