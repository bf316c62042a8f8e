"""Training speed against the frameworks people install: peer's time divided by ours.

python benchmarks/engine.py --peers PYTHON [--rounds 7]
"""

import argparse
import os
import statistics
import subprocess
import sys
from pathlib import Path

from workloads import WORKLOADS

HERE = Path(__file__).resolve().parent
PEERS = ("torch", "torch-fused", "keras-torch", "keras-jax", "scikit-learn")


class Engine:
    """A worker process, asked for one round at a time."""

    def __init__(self, python: str, name: str, workload: str) -> None:
        environment = {**os.environ, "PYTHONPATH": str(HERE.parent)}
        self.process = subprocess.Popen(
            [python, str(HERE / "worker.py"), name, workload],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            text=True, env=environment,
        )  # fmt: skip
        self.usable = self._line() == "ready"

    def _line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def round(self) -> float:
        """Seconds of one round of training."""
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return float(self._line())

    def stop(self) -> None:
        """End the process."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()


def compare(workload: str, peers_python: str, rounds: int) -> None:
    """Print one workload's ratios."""
    ours = Engine(sys.executable, "kgui", workload)
    peers = {name: Engine(peers_python, name, workload) for name in PEERS}
    times: dict[str, list[float]] = {name: [] for name in peers}
    own: list[float] = []
    for _ in range(rounds):
        own.append(ours.round())
        for name, engine in peers.items():
            if engine.usable:
                times[name].append(engine.round())
    steps = WORKLOADS[workload].steps
    print(f"{workload}: {1e6 * statistics.median(own) / steps:.0f} µs a step")
    for name, seconds in times.items():
        ratios = [peer / mine for peer, mine in zip(seconds, own, strict=False)]
        text = f"{statistics.median(ratios):6.2f}" if ratios else "  absent"
        print(f"  {name:14}{text}")
    for engine in (ours, *peers.values()):
        engine.stop()


def main() -> None:
    """Every workload against every peer."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", required=True, help="the Python that has torch, keras, ...")
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    for workload in WORKLOADS:
        compare(workload, options.peers, options.rounds)


if __name__ == "__main__":
    main()
