"""One engine in one process: told a workload, it answers each line with a round's seconds."""

import os
import sys
import time
import warnings

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})  # XLA heeds none of these names
warnings.filterwarnings("ignore")

from peers import PEERS  # noqa: E402 - the thread limits come first
from workloads import WORKLOADS  # noqa: E402 - as above


def main(engine: str, workload: str) -> None:
    """Build, warm up, then one round per line read."""
    clock = time.process_time if "KGUI_CPU_TIME" in os.environ else time.perf_counter
    answers, sys.stdout = sys.stdout, sys.stderr
    try:
        run = PEERS[engine](WORKLOADS[workload])
        run()
        run()
    except Exception as error:  # whatever is missing, the others go on
        print(f"{type(error).__name__}: {error}".splitlines()[0][:90], file=answers, flush=True)
        return
    print("ready", file=answers, flush=True)
    for _ in sys.stdin:
        began = clock()
        run()
        print(clock() - began, file=answers, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
