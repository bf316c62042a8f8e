"""Finding a layer by what people call it: other programs' names, initials, parts of words."""

from collections.abc import Iterable, Mapping, Sequence

from kgui.compiler.node_types import NodeType

SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "Activation": ("Nonlinearity", "Transfer function"),
    "Add": ("Sum", "Plus", "Residual", "Skip connection"),
    "Average": ("Mean",),
    "BatchNormalization": ("BN", "Batch norm", "BatchNorm1d", "BatchNorm2d"),
    "CategoryEncoding": ("One-hot", "Multi-hot"),
    "Concatenate": ("Concat", "Cat", "Join", "Merge", "Stack"),
    "Dense": ("Affine", "FC", "Linear", "Fully connected", "InnerProduct", "Perceptron", "MLP"),
    "Discretization": ("Bucketize", "Binning"),
    "Dot": ("Inner product of two", "Cosine similarity", "MatMul"),
    "Dropout": ("Drop",),
    "Embedding": ("Lookup", "Word vectors", "Token embedding"),
    "Flatten": ("Unroll", "Ravel", "Vectorize"),
    "GaussianNoise": ("Noise",),
    "GroupNormalization": ("GN", "Group norm"),
    "Identity": ("Pass through", "No-op"),
    "Input": ("Data", "Source", "Placeholder"),
    "LayerNormalization": ("LN", "Layer norm"),
    "LeakyReLU": ("Leaky rectifier",),
    "Multiply": ("Product", "Times", "Gate"),
    "Normalization": ("Standardize", "Standard scaler", "Z-score"),
    "PReLU": ("Parametric rectifier",),
    "Permute": ("Transpose",),
    "RMSNormalization": ("RMSNorm",),
    "ReLU": ("Rectifier",),
    "RepeatVector": ("Tile",),
    "Rescaling": ("Scale", "Divide by 255"),
    "Reshape": ("View", "Unflatten"),
    "Softmax": ("Probabilities",),
    "Subtract": ("Minus", "Difference"),
    "Conv1D": ("Convolution 1D",),
    "Conv2D": ("Convolution 2D",),
    "Conv3D": ("Convolution 3D",),
    "GlobalAveragePooling1D": ("GAP",),
    "GlobalAveragePooling2D": ("GAP",),
    "MultiHeadAttention": ("MHA", "Self-attention"),
}
"""Layer -> what other programs, papers and people call it. Keras's own names need no entry."""

NOT_FOUND = 100


def rank(node_type: NodeType, text: str) -> int:
    """How near a layer's names come to a text: 0 is the name itself, NOT_FOUND is not at all."""
    sought = _plain(text)
    name = _plain(node_type.name)
    others = [_plain(synonym) for synonym in SYNONYMS.get(node_type.name, ())]
    steps = (
        name == sought,
        sought in others,
        name.startswith(sought),
        _initials(node_type.name).startswith(sought),
        any(other.startswith(sought) for other in others),
        sought in name,
        any(sought in other for other in others),
        node_type.category.casefold().startswith(text.strip().casefold()),
    )
    return next((place for place, holds in enumerate(steps) if holds), NOT_FOUND)


def find(
    node_types: Iterable[NodeType], text: str, recent: Sequence[str] = ()
) -> tuple[NodeType, ...]:
    """The layers that a text may mean, best first; of equals those used last come first."""
    ranked = [
        (rank(node_type, text), _age(node_type.name, recent), place, node_type)
        for place, node_type in enumerate(node_types)
    ]
    ranked = [entry for entry in ranked if entry[0] < NOT_FOUND]
    return tuple(entry[-1] for entry in sorted(ranked, key=lambda entry: entry[:3]))


def synonym_for(node_type: NodeType, text: str) -> str:
    """The synonym by which a text finds a layer whose own name does not hold the text; or ""."""
    sought = _plain(text)
    if not sought or sought in _plain(node_type.name):
        return ""
    for synonym in SYNONYMS.get(node_type.name, ()):
        if sought in _plain(synonym):
            return synonym
    return ""


def _age(name: str, recent: Sequence[str]) -> int:
    return recent.index(name) if name in recent else len(recent)


def _plain(text: str) -> str:
    """Without case, spaces and dashes: "Fully-connected" is "fullyconnected"."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def _initials(name: str) -> str:
    """The capitals and digits of a name: BatchNormalization -> bn, Conv2D -> c2d."""
    return "".join(letter for letter in name if letter.isupper() or letter.isdigit()).casefold()
