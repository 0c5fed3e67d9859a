"""Grades the one submission of this container; Otter's name for the way in.

The judge lies beside this file, in files/: nothing is fetched. It writes results/results.json, and results/results.pkl
where Otter asks for one. No code of the submission runs in this process.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "files" / "autograder-src"))

if __name__ == "__main__":
    from autograder.cli import main

    sys.argv[1:1] = ["gradescope"]
    main()
