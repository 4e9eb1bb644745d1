"""The conda recipe says what `setup.cfg` does: version, dependencies, the console command."""

import configparser
import re
from pathlib import Path

import sympy_matcalc as mc

ROOT = Path(__file__).resolve().parents[1]
RECIPE = (ROOT / "conda" / "recipe.yaml").read_text(encoding="utf-8")


def test_it_is_what_the_package_says():
    cfg = configparser.ConfigParser()
    cfg.read(ROOT / "setup.cfg", encoding="utf-8")
    run = RECIPE.split("  run:\n")[1].split("  run_constraints:")[0]
    wanted = [re.sub(r"(\w)(>=)", r"\1 \2", line) for line in cfg["options"]["install_requires"].split()]
    assert re.findall(r"- (.*)", run) == [f"python {cfg['options']['python_requires']}", *wanted]
    assert f'version: "{mc.__version__}"' in RECIPE
    assert cfg["options.entry_points"]["console_scripts"].strip() in RECIPE
