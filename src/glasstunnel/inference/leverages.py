"""What a fit with estimated noise uses up of its points, and what the estimated weights add to its errors.

J_m are the whitened slopes of dataset m, C the covariance of all coordinates, nu_m the degrees of freedom behind the
sigma of dataset m: its points minus tr(J_m C J_m^T).
"""

import numpy as np


def noise_degrees(problem, slopes, covariance) -> dict[str, float]:
    """{dataset: degrees of freedom behind its sigma} where that was found from residuals or repeats.

    slopes : whitened, (points, parameters), zero for what is held. covariance : of all coordinates, floored.
    """
    used = np.einsum("np,pq,nq->n", slopes, covariance, slopes)
    return {m.name: len(m) - float(np.sum(used[problem.rows[m.name]])) if m.estimated else m.freedom
            for m in problem.measurements if is_uncertain(m)}  # fmt: skip


def is_uncertain(m) -> bool:
    """Whether the noise of a measurement is itself an estimate."""
    return m.estimated or np.isfinite(m.freedom)


def behind_directions(problem, slopes, covariance, gradients) -> np.ndarray:
    """Degrees of freedom behind the errors of the combinations gradients (k, parameters) of the coordinates, (k,).

    (g.C g)^2 / sum of |J_m C g|^4/nu_m  [F. E. Satterthwaite, Biometrics Bull. 2, 110 (1946)]; infinite where only
    known noise and priors stand behind an error.
    """
    directions, square = covariance @ gradients.T, np.zeros(len(gradients))
    for name, degrees in noise_degrees(problem, slopes, covariance).items():
        square += np.sum((slopes[problem.rows[name]] @ directions) ** 2, axis=0) ** 2 / max(degrees, 1e-6)
    whole = np.einsum("kp,pk->k", gradients, directions) ** 2
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(square > 1e-12 * whole, whole / square, np.inf)


def covariance_of_weights(problem, slopes, covariance) -> np.ndarray:
    """What is added to the covariance because datasets are weighed against each other, and against priors, with noise
    that is itself estimated  [M. G. Kenward, J. H. Roger, Biometrics 53, 983 (1997)]: twice C M C with

    M = sum of (2/nu_m) J_m^T (1 - J_m C J_m^T) J_m. For one mean from two runs it is what P. Meier found [Biometrics
    9, 59 (1953)], a variance larger by 1 + sum of 4 w_m (1 - w_m)/nu_m with the weights w_m; for one dataset nothing.
    """
    middle = np.zeros_like(covariance)
    for name, degrees in noise_degrees(problem, slopes, covariance).items():
        part = slopes[problem.rows[name]]
        information = part.T @ part
        middle += 2.0 / max(degrees, 1e-6) * (information - information @ covariance @ information)
    return 2.0 * covariance @ middle @ covariance
