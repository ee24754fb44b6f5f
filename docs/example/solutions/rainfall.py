# %% [markdown]
# # How much does it rain on a rainy day?
#
# A town by the sea says: "Here it rains 6 millimeters a day."
# Has anybody there ever seen such a day?
#
# **You will build**:
# `read_station` → `summarize` → `without_dry_days`
#
# **Time:** about 20 minutes. **You need:** Python functions, and a little NumPy.

# %% given: imports
import csv
from pathlib import Path

import numpy as np
from rain import Station, Summary

# %% [markdown]
# ## Two weeks in a table
#
# `bergen.csv` lies beside this notebook.
# It has a line for each day, with the millimeters of rain that fell.

# %%
print(Path("bergen.csv").read_text()[:40])

# %% [markdown]
# ## Exercise 1: read_station
#
# A `Station` has a `name` and its `rain`, an array with a number for each day.
# The name is the file's, without what follows the dot.

# %% exercise: read_station
def read_station(path):
    """The station in a CSV file with the columns `day` and `mm`, named after the file.

    path: of the file, such as "bergen.csv".
    Returns a Station.
    """
    ### BEGIN SOLUTION
    with open(path, newline="", encoding="utf-8") as file:
        rain = [float(row["mm"]) for row in csv.DictReader(file)]
    return Station(Path(path).stem, rain)
    ### END SOLUTION

# %% tests: read_station, 2 points
import numpy as np
from rain import Station

with check("reads every day of bergen.csv"):
    rain = np.loadtxt("bergen.csv", delimiter=",", skiprows=1, usecols=1)
    check.close(check.call(read_station, "bergen.csv"), Station("bergen", rain))
### BEGIN HIDDEN TESTS
with check("keeps days without rain"):
    check.equal(len(check.call(read_station, "bergen.csv").rain), 14)
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 2: summarize
#
# A day is rainy when at least 1 millimeter falls.
# Take a station with 0, 4 and 2 millimeters.
# Its mean is 2, and so is its median; the mean of its rainy days is 3.

# %% exercise: summarize
def summarize(station):
    """The mean and the median of all days, and the mean of the days with at least 1 mm.

    station: a Station with at least one such day.
    Returns a Summary.
    """
    ### BEGIN SOLUTION
    rainy = station.rain[station.rain >= 1.0]
    return Summary(float(station.rain.mean()), float(np.median(station.rain)),
                   float(rainy.mean()))
    ### END SOLUTION

# %% tests: summarize, 2 points
from rain import Station, Summary

with check("gives the three numbers of 0, 4 and 2 millimeters"):
    check.close(check.call(summarize, Station("there", [0.0, 4.0, 2.0])), Summary(2.0, 2.0, 3.0))
### BEGIN HIDDEN TESTS
with check("takes a day with exactly 1 mm for a rainy one"):
    check.close(check.call(summarize, Station("there", [0.0, 0.5, 1.0, 5.0])),
                Summary(1.625, 0.75, 3.0))
### END HIDDEN TESTS

# %% [markdown]
# So what does the town have?

# %%
from utils.checks import unfinished

with unfinished():
    print(summarize(read_station("bergen.csv")))

# %% [markdown]
# The mean is close to 6 millimeters, and the median is below 1.
# Half of the days are nearly dry, and on a rainy day it pours: 11.8 millimeters.
#
# ## Exercise 3: without_dry_days
#
# The plots of a station's rain are easier to read without the dry days.
# Leave the station that you are given as it is: others may still need it.

# %% exercise: without_dry_days
def without_dry_days(station):
    """A new station of the same name, with the days of at least 1 mm only.

    station: a Station, which stays as it is.
    """
    ### BEGIN SOLUTION
    return Station(station.name, station.rain[station.rain >= 1.0])
    ### END SOLUTION

# %% tests: without_dry_days, 2 points
from rain import Station

with check("keeps the days of at least 1 mm, in order"):
    check.close(check.call(without_dry_days, Station("there", [0.0, 4.0, 0.9, 1.0])),
                Station("there", [4.0, 1.0]))
### BEGIN HIDDEN TESTS
with check("leaves the station as it was"):
    check.unchanged(without_dry_days, Station("there", [0.0, 4.0]))
### END HIDDEN TESTS
