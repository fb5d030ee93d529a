"""A driven two-level system: the linear equation of motion integrated with 30 digits."""

from mpmath import cos, exp, mp, mpf, quad

mp.dps = 30


def coherence():
    """t, S+ (a complex pair) of dS+/dt = -i Z S+ + i S_z(t) cos(w t), S+(0) = 0, with S_z = -0.4 + 0.3 e^(-t/4),
    Z = 1 - i/6, w = 0.3 [002, Eq. 26]: the convolution with the free decay.
    """
    Z, w = mpf(1) - 1j / mpf(6), mpf("0.3")

    def drive(t):
        return (mpf("-0.4") + mpf("0.3") * exp(-t / 4)) * cos(w * t)

    times = (mpf("0.5"), mpf(5))
    values = [quad(lambda s, t=t: 1j * exp(-1j * Z * (t - s)) * drive(s), [0, t / 2, t]) for t in times]
    return {"rows": [[float(t), float(value.real), float(value.imag)] for t, value in zip(times, values, strict=True)]}
