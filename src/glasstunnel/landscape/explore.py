"""Map the landscape of a small cluster: searches from minima and from random starts until nothing new turns up."""

import numpy as np

from glasstunnel.landscape.matching import MinimumList
from glasstunnel.landscape.saddles import prove_saddle, search_from
from glasstunnel.landscape.samples import lennard_jones_cluster, relaxed

_APART = 3.0  # distance [sigma] beyond which an atom has left: what holds it there falls with its seventh power


def is_bound(configuration) -> bool:
    """Whether the atoms hold together; far apart they feel no force either, which is no minimum and no saddle.

    >>> from glasstunnel.landscape import lennard_jones_cluster
    >>> is_bound(lennard_jones_cluster(7))
    True
    """
    from scipy.sparse.csgraph import connected_components

    gaps = configuration.positions[:, None] - configuration.positions[None]
    return connected_components(np.linalg.norm(gaps, axis=-1) < _APART)[0] == 1


def explore_cluster(count, searches, seed):
    """(minima, saddles) of a Lennard-Jones cluster as two lists of minima, up to rotation, inversion and permutation.

    Every second search climbs from a random start, the others from the minima known so far along random directions;
    each saddle is proven like those of a glass. One from which an atom has left is none of the cluster.
    """
    random = np.random.default_rng(seed)
    minima, saddles = MinimumList(exact_clusters=True), MinimumList(exact_clusters=True)
    minima.add(*relaxed(lennard_jones_cluster(count)))
    for search in range(searches):
        direction = random.normal(size=(count, 3))
        if search % 2:
            start = lennard_jones_cluster(count, seed=int(random.integers(2**31)))
            saddle, _reason = prove_saddle(start, direction, 3000)
        else:
            start = minima.configurations[search // 2 % len(minima)]
            saddle, _reason = search_from(start, direction, random.uniform(0.1, 1.5), 3000)
        if saddle is not None and all(map(is_bound, (saddle.configuration, *saddle.ends))):
            saddles.add(saddle.configuration, saddle.energy)
            for end, value in zip(saddle.ends, saddle.end_energies, strict=True):
                minima.add(end, value)
    return minima, saddles
