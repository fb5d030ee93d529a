"""Map the landscape of a small cluster: searches from minima and from random starts until nothing new turns up."""

import numpy as np

from glasstunnel.landscape.matching import MinimumList
from glasstunnel.landscape.saddles import prove_saddle, search_from
from glasstunnel.landscape.samples import lennard_jones_cluster, relaxed


def explore_cluster(count, searches, seed):
    """(minima, saddles) of a Lennard-Jones cluster as two lists of minima, up to rotation, inversion and permutation.

    Every second search climbs from a random start, the others from the minima known so far along random directions;
    each saddle is proven like those of a glass.
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
        if saddle is not None:
            saddles.add(saddle.configuration, saddle.energy)
            for end, value in zip(saddle.ends, saddle.end_energies, strict=True):
                minima.add(end, value)
    return minima, saddles
