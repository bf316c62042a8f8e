"""Make the bundled samples anew: needs scikit-learn, the MNIST folder and penguins.csv.

python tools/make_samples.py MNIST_FOLDER PENGUINS_CSV
"""

import csv
import gzip
import io
import shutil
import sys
import zipfile
from pathlib import Path

import numpy as np
from sklearn import datasets

SAMPLES = Path(__file__).resolve().parent.parent / "resources" / "samples"


def read_idx(path: Path) -> np.ndarray:
    """An array from a gzip-compressed IDX file of bytes."""
    data = gzip.decompress(path.read_bytes())
    axes = data[3]
    shape = [int.from_bytes(data[4 + 4 * i : 8 + 4 * i], "big") for i in range(axes)]
    return np.frombuffer(data, np.uint8, offset=4 + 4 * axes).reshape(shape)


def balanced(labels: np.ndarray, each: int) -> np.ndarray:
    """The first rows of each class, in their order."""
    rows = [np.flatnonzero(labels == label)[:each] for label in range(10)]
    return np.sort(np.concatenate(rows))


def write_npz(path: Path, **arrays: np.ndarray) -> None:
    """A compressed .npz with fixed dates: the same arrays give the same bytes."""
    with zipfile.ZipFile(path, "w") as file:
        for name, array in arrays.items():
            buffer = io.BytesIO()
            np.lib.format.write_array(buffer, np.ascontiguousarray(array), allow_pickle=False)
            info = zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            file.writestr(info, buffer.getvalue(), compresslevel=9)


def write_iris(path: Path) -> None:
    """The iris table with the species in words."""
    iris = datasets.load_iris()
    names = [name.removesuffix(" (cm)").replace(" ", "_") + "_cm" for name in iris.feature_names]
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow([*names, "species"])
        for row, label in zip(iris.data, iris.target, strict=True):
            table.writerow([*(f"{value:g}" for value in row), iris.target_names[label]])


def main(mnist: Path, penguins: Path) -> None:
    """Write every sample."""
    SAMPLES.mkdir(parents=True, exist_ok=True)
    write_iris(SAMPLES / "iris.csv")
    shutil.copyfile(penguins, SAMPLES / "penguins.csv")
    digits = datasets.load_digits()
    write_npz(
        SAMPLES / "digits.npz",
        x=digits.images.astype(np.uint8),
        y=digits.target.astype(np.uint8),
    )
    x_train = read_idx(mnist / "train-images-idx3-ubyte.gz")
    y_train = read_idx(mnist / "train-labels-idx1-ubyte.gz")
    x_test = read_idx(mnist / "t10k-images-idx3-ubyte.gz")
    y_test = read_idx(mnist / "t10k-labels-idx1-ubyte.gz")
    train, test = balanced(y_train, 600), balanced(y_test, 100)
    write_npz(
        SAMPLES / "mnist.npz",
        x_train=x_train[train],
        y_train=y_train[train],
        x_test=x_test[test],
        y_test=y_test[test],
    )
    (SAMPLES / "xor.csv").write_text(xor(), "utf-8")


def xor() -> str:
    """Four clouds of points; the class is whether exactly one coordinate is positive."""
    generator = np.random.default_rng(0)
    corners = np.array([(-1, -1), (-1, 1), (1, -1), (1, 1)])
    points = np.repeat(corners, 100, axis=0) + generator.normal(0, 0.35, (400, 2))
    labels = np.repeat(corners[:, 0] != corners[:, 1], 100)
    order = generator.permutation(400)
    rows = [f"{x:.3f},{y:.3f},{'one' if label else 'none or both'}"
            for (x, y), label in zip(points[order], labels[order], strict=True)]  # fmt: skip
    return "\n".join(["x1,x2,positive", *rows]) + "\n"


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
