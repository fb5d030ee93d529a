"""Angular momentum and Lande factor of the free ions."""


def hund_rules(electrons):
    """(J, g_J) of the ground multiplet of 4f^n by Hund's rules, n = 1 ... 13, in Russell-Saunders coupling.

    Source: Hund's three rules and Lande's formula, any textbook (Ashcroft and Mermin, Solid State Physics, Ch. 31).

    >>> hund_rules(11)  # Er3+
    (7.5, 1.2)
    """
    S = 0.5 * min(electrons, 14 - electrons)
    L = sum(3 - k % 7 for k in range(electrons))
    J = abs(L - S) if electrons < 7 else L + S
    g = 1.5 + (S * (S + 1) - L * (L + 1)) / (2.0 * J * (J + 1)) if J > 0 else 0.0
    return float(J), round(g, 15)


_LANTHANIDES = ("Ce", "Pr", "Nd", "Pm", "Sm", "Eu", "Gd", "Tb", "Dy", "Ho", "Er", "Tm", "Yb")

#: species -> (J, g). 3d ions: spin-only moments, since their orbital moments are quenched; the papers take g = 2 and
#: J = 5/2, 2, 3/2, 1/2 for Fe3+, Fe2+, Cr3+, Ti3+ [000, below Eq. 1 and Sec. A]. The others follow from Hund's first
#: rule for 3d^n: Mn2+ d5, Co2+ d7, Ni2+ d8, Cu2+ d9. Rare earths: ground multiplets of 4f^n by `hund_rules`, Ce3+ 4f1
#: to Yb3+ 4f13, and Eu2+ 4f7; Eu3+ (J = 0) has no moment in its ground multiplet and is left out. Sm3+ at room
#: temperature has its next multiplet within reach, which a single J leaves out.
SPECIES = {
    "Fe2+": (2.0, 2.0),
    "Fe3+": (2.5, 2.0),
    "Cr3+": (1.5, 2.0),
    "Ti3+": (0.5, 2.0),
    "Mn2+": (2.5, 2.0),
    "Co2+": (1.5, 2.0),
    "Ni2+": (1.0, 2.0),
    "Cu2+": (0.5, 2.0),
} | {f"{name}3+": hund_rules(n) for n, name in enumerate(_LANTHANIDES, 1) if name != "Eu"} | {
    "Eu2+": hund_rules(7)
}
