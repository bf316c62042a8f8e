"""Training speed against the frameworks people install: peer's time divided by ours.

python benchmarks/engine.py --peers PYTHON [--workloads a,b] [--rounds 7]
"""

import argparse
import os
import statistics
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from peers import OURS, PEERS
from workloads import WORKLOADS

HERE = Path(__file__).resolve().parent
FRAMEWORKS = ("torch", "torch-fused", "torch.compile", "keras-torch", "keras-jax", "scikit-learn")


class Engine:
    """A worker process, asked for one round at a time."""

    def __init__(self, python: str, name: str, workload: str) -> None:
        environment = {**os.environ, "PYTHONPATH": str(HERE.parent)}
        self.process = subprocess.Popen(
            [python, str(HERE / "worker.py"), name, workload],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            text=True, env=environment,
        )  # fmt: skip
        self.answer = self._line()
        self.seconds: list[float] = []

    @property
    def usable(self) -> bool:
        """False if the engine is not installed here, or cannot do the workload."""
        return self.answer == "ready"

    def _line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def round(self) -> None:
        """One round of training."""
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        self.seconds.append(float(self._line()))

    def stop(self) -> None:
        """End the process."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()


def ratio(peer: Engine, ours: Engine) -> float:
    """How many times longer the peer took: the median over the rounds."""
    pairs = zip(peer.seconds, ours.seconds, strict=True)
    return statistics.median(theirs / mine for theirs, mine in pairs)


def compare(key: str, peers_python: str, rounds: int, names: Sequence[str]) -> None:
    """Print one workload's ratios."""
    work = WORKLOADS[key]
    engines = {name: Engine(sys.executable if name in (*OURS, "sgemm") else peers_python, name, key)
               for name in names}  # fmt: skip
    usable = {name: engine for name, engine in engines.items() if engine.usable}
    for _ in range(rounds):
        for engine in usable.values():
            engine.round()
    ours = [usable[name] for name in OURS if name in usable]
    times = [f"{1e6 * statistics.median(e.seconds) / work.steps:.1f} µs" for e in ours]
    sys.stdout.flush()
    print(f"\n{key}: {work.title}; one step takes {', '.join(times)}")
    print(f"  {'peer time / ours':18}" + "".join(f"{n:>11}" for n in OURS if n in usable))
    for name, engine in engines.items():
        if name in OURS and engine.usable:
            continue
        values = "".join(f"{ratio(engine, mine):11.2f}" for mine in ours) if engine.usable else ""
        print(f"  {name:18}{values or f'  skipped: {engine.answer}'}")
    best = [e for name, e in usable.items() if name in FRAMEWORKS]
    if best:
        print(f"  {'best framework':18}"
              + "".join(f"{min(ratio(e, mine) for e in best):11.2f}" for mine in ours))  # fmt: skip
    for engine in engines.values():
        engine.stop()


def main() -> None:
    """Every workload against every peer."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", default=sys.executable, help="the Python that has torch, ...")
    parser.add_argument("--workloads", default=",".join(WORKLOADS))
    parser.add_argument("--engines", default=",".join(PEERS))
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--cpu-time", action="store_true", help="for a machine that is busy")
    options = parser.parse_args()
    if options.cpu_time:
        os.environ["KGUI_CPU_TIME"] = "1"
    for key in options.workloads.split(","):
        compare(key, options.peers, options.rounds, options.engines.split(","))
    print("\nLeNet: skipped, there is no Conv2D yet")


if __name__ == "__main__":
    main()
