"""Runs examples as programs, in the working directory: `synthesize.py <example>...`.

One after the other in one process: starting Node for each would take most of the time.
"""

import runpy
import sys

for example in sys.argv[1:]:
    runpy.run_path(example, run_name="__main__")
