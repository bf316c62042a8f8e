"""The last trained model of a document is there in the next session."""

import numpy as np
import pytest
from drawn import iris
from msgspec.structs import replace

from kgui.interchange.npz import weights_of
from kgui.training.keeping import has_kept, keep, kept, kept_path
from kgui.training.run import train

ID = "0123456789abcdef" * 2


def test_a_model_is_kept_under_the_documents_id() -> None:
    assert not has_kept(ID)
    trained = train(replace(iris(epochs=1), id=ID))
    keep(trained)
    assert has_kept(ID)
    found = kept(ID)
    assert found is not None
    for name, weight in weights_of(trained.model).items():
        assert np.array_equal(weights_of(found.model)[name], weight)


def test_a_later_model_takes_its_place_without_a_backup() -> None:
    keep(train(replace(iris(epochs=1), id=ID)))
    keep(train(replace(iris(epochs=2), id=ID)))
    path, found = kept_path(ID), kept(ID)
    assert found is not None and found.epochs == 2
    assert path is not None and [item.name for item in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("hostile", ["../../x", "", "drawn", ID.upper(), ID + "/..", "a" * 31])
def test_only_ids_of_this_program_name_a_file(hostile: str) -> None:
    assert kept_path(hostile) is None
    assert not has_kept(hostile)
    assert kept(hostile) is None
    keep(train(replace(iris(epochs=1), id=hostile)))
