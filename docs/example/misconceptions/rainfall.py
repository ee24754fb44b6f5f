"""Wrong answers to the lesson on rain, each with the hint that a student reads."""

import numpy as np
from rain import Station, Summary


def inputs_summarize(rng):
    for days in (5, 12):
        yield (Station("there", np.append(rng.gamma(0.5, 4.0, size=days), [0.0, 1.0, 3.0])),)


def summarize__of_wet_days_above_zero(station):
    """Your rainy days are all with more than 0 mm. How much has to fall on a rainy day?"""
    rainy = station.rain[station.rain > 0]
    return Summary(float(station.rain.mean()), float(np.median(station.rain)), float(rainy.mean()))


def summarize__median_of_rainy_days(station):
    """Your median leaves out the dry days. Which days does the docstring ask for?"""
    rainy = station.rain[station.rain >= 1.0]
    return Summary(float(station.rain.mean()), float(np.median(rainy)), float(rainy.mean()))


def inputs_without_dry_days(rng):
    yield (Station("there", [0.0, 4.0, 0.9, 1.0]),)
    yield (Station("here", rng.gamma(0.5, 4.0, size=9)),)


def without_dry_days__in_place(station):
    """Your function changes the station that it is given. Make a new one."""
    station.rain = station.rain[station.rain >= 1.0]
    return station
