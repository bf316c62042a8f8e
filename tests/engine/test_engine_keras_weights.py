"""Weights that Keras wrote are taken, and ours are laid out as Keras lays them out."""

import zipfile
from pathlib import Path

import pytest
from saved_states import SAVED, built, compare, contents

FILES = sorted(p.name for p in SAVED.iterdir() if p.suffix != ".npz")


@pytest.mark.parametrize("file", FILES)
def test_states_that_keras_wrote_are_taken(file: str) -> None:
    pytest.importorskip("h5py")
    model = built(file.partition(".")[0])
    model.load_weights(SAVED / file)
    compare(file.partition(".")[0], model)


@pytest.mark.parametrize("file", FILES)
def test_our_files_are_laid_out_as_keras_lays_them_out(file: str, tmp_path: Path) -> None:
    pytest.importorskip("h5py")
    name = file.partition(".")[0]
    theirs = (SAVED / file).read_bytes()
    if file.endswith(".keras"):
        with zipfile.ZipFile(SAVED / file) as archive:
            theirs = archive.read("model.weights.h5")
    built(name).save_weights(tmp_path / "w.weights.h5")
    assert contents((tmp_path / "w.weights.h5").read_bytes()) == contents(theirs)
