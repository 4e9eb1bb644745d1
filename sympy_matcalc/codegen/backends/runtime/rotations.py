"""What derivatives of rotations are made of, for any library."""

import math

import numpy as xp


# the series where it converges fast; else from cos and sin, by x c_{k+2}(x) = 1/k! - c_k(x)
def _stumpff(x, k):
    four = 4 + 0 * x
    near, r = xp.where(x < 4, x, four), xp.sqrt(xp.where(x < 4, four, x))
    series, far = 0 * near, xp.sin(r) / r if k % 2 else xp.cos(r)
    for j in range(16, -1, -1):
        series = 1 / math.factorial(k + 2 * j) - near * series
    for j in range(k % 2, k, 2):
        far = (1 / math.factorial(j) - far) / (r * r)
    return xp.where(x < 4, series, far)
