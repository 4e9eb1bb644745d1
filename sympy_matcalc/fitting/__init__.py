"""Fitting: a scalar or residuals with their derivatives, as the functions of one flat vector that `scipy.optimize` takes."""

from .objective import Objective as Objective
from .objective import objective as objective
from .residuals import Residuals as Residuals
from .residuals import residuals as residuals
from .structured import StructuredObjective as StructuredObjective
