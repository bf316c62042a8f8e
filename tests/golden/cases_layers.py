"""Layers and activations: what they compute, and their gradients."""

from golden_cases import Keras, Results, case, fill, numpy_of, values

ACTIVATIONS = (
    "linear", "relu", "sigmoid", "tanh", "softmax", "elu", "selu", "leaky_relu", "relu6",
    "softplus", "softsign", "silu", "exponential", "hard_sigmoid", "log_softmax",
)  # fmt: skip

POINTS = [[-20.0, -3.5, -1.0, -1e-3, 1e-3, 0.5, 2.9, 6.5, 15.0]]


def _gradient(keras: Keras, activation: object, x: object) -> object:
    """The gradient of sum(activation(w) * c) at w = x, taken from one step of SGD."""
    size = len(x[0])
    inputs = keras.Input((1,))
    hidden = keras.layers.Dense(size, use_bias=False, name="points")(inputs)
    active = keras.layers.Activation(activation)(hidden)
    outputs = keras.layers.Dense(1, use_bias=False, name="sum")(active)
    model = keras.Model(inputs, outputs)
    model.get_layer("points").set_weights([numpy_of(x)])
    model.get_layer("sum").set_weights([values((size, 1), 3)])
    model.get_layer("sum").trainable = False
    model.compile(keras.optimizers.SGD(1.0), lambda y_true, y_pred: y_pred - y_true)
    before = model.get_layer("points").get_weights()[0]
    one = numpy_of([[1.0]]).astype("float32")
    model.fit(one, 0 * one, verbose=0, batch_size=1)
    return before - model.get_layer("points").get_weights()[0]


@case(2e-5)
def activations_by_name(keras: Keras) -> Results:
    """Values of every activation, far out and near zero."""
    x = numpy_of(POINTS).astype("float32")
    return {name: numpy_of(keras.activations.get(name)(x)) for name in ACTIVATIONS}


@case(1e-4)
def activation_gradients(keras: Keras) -> Results:
    """Derivatives of every activation."""
    x = numpy_of([[-3.5, -1.0, -1e-3, 1e-3, 0.5, 2.5]]).astype("float32")
    return {name: _gradient(keras, name, x) for name in ACTIVATIONS}


@case(1e-5)
def activation_gradients_at_zero(keras: Keras) -> Results:
    """Derivatives at exactly zero, where every backend of Keras agrees."""
    x = numpy_of([[0.0, 0.0]]).astype("float32")
    names = ("sigmoid", "tanh", "softmax", "softplus", "softsign", "silu", "relu", "elu", "selu")
    return {name: _gradient(keras, name, x) for name in names}


@case()
def relu_with_options(keras: Keras) -> Results:
    """Slope, cap and threshold of relu, one by one and together."""
    x = values((1, 24), 1, -4, 8)
    relu = keras.activations.relu
    return {
        "slope": numpy_of(relu(x, negative_slope=0.1)),
        "cap": numpy_of(relu(x, max_value=3.0)),
        "threshold": numpy_of(relu(x, threshold=1.5)),
        "slope and threshold": numpy_of(relu(x, negative_slope=0.1, threshold=1.5)),
        "slope and cap": numpy_of(relu(x, negative_slope=0.1, max_value=3.0)),
        "all": numpy_of(relu(x, negative_slope=0.1, max_value=3.0, threshold=1.5)),
        "elu": numpy_of(keras.activations.elu(x, alpha=0.4)),
        "leaky": numpy_of(keras.activations.leaky_relu(x, negative_slope=0.4)),
    }


@case()
def dense_forward(keras: Keras) -> Results:
    """Dense on inputs of rank 2 and 3, with and without bias, on whole numbers too."""
    results = {}
    for name, shape, options in (
        ("rank 2", (3, 5), {"activation": "relu"}),
        ("rank 3", (2, 4, 5), {"activation": "softmax"}),
        ("rank 4", (2, 2, 3, 5), {"activation": "tanh"}),
        ("no bias", (3, 5), {"use_bias": False}),
    ):
        layer = keras.layers.Dense(4, **options)
        x = values(shape, 2)
        layer(x)
        results[name] = numpy_of(fill(layer)(x))
        results[f"{name} shape"] = list(layer.compute_output_shape((None, *shape[1:])))
    layer = keras.layers.Dense(2)
    whole = numpy_of([[1, 2], [3, 4]]).astype("int32")
    layer(whole)
    results["whole numbers"] = numpy_of(fill(layer)(whole))
    return results


@case()
def shape_layers(keras: Keras) -> Results:
    """Flatten, Rescaling and Dropout outside training."""
    x = values((2, 3, 4), 5)
    whole = numpy_of([[0, 51], [204, 255]]).astype("uint8")
    layers = keras.layers
    return {
        "flatten": numpy_of(layers.Flatten()(x)),
        "flatten rank 1": numpy_of(layers.Flatten()(x[:, 0, 0])),
        "flatten rank 2": numpy_of(layers.Flatten()(x[:, 0])),
        "rescaling": numpy_of(layers.Rescaling(1 / 255, offset=-0.5)(x)),
        "rescaling whole numbers": numpy_of(layers.Rescaling(1 / 255)(whole)),
        "dropout": numpy_of(layers.Dropout(0.5)(x)),
        "dropout rate 0": numpy_of(layers.Dropout(0.0)(x, training=True)),
        "dropout rate 1": numpy_of(layers.Dropout(1.0)(x, training=True)),
        "activation": numpy_of(layers.Activation("relu")(x)),
    }


@case()
def merges(keras: Keras) -> Results:
    """Concatenate along several axes; Add of equal and of broadcast shapes and ranks."""
    layers = keras.layers
    a, b = values((2, 3, 4), 1), values((2, 3, 4), 2)
    results = {
        f"concatenate {axis}": numpy_of(layers.Concatenate(axis=axis)([a, b, a]))
        for axis in (0, 1, 2, -1, -2)
    }
    results["concatenate one more"] = numpy_of(layers.Concatenate(axis=1)([a, b[:, :1]]))
    for name, others in (
        ("equal", [b]),
        ("three", [b, a]),
        ("ones", [values((2, 1, 4), 3)]),
        ("both ways", [values((2, 3, 1), 3), values((2, 1, 4), 4)]),
        ("lower rank", [values((2, 4), 3)]),
        ("two ranks lower", [values((2, 1), 3)]),
    ):
        results[f"add {name}"] = numpy_of(layers.Add()([a, *others]))
    results["add lower rank first"] = numpy_of(layers.Add()([values((2, 4), 3), a]))
    square = values((3, 3, 4), 6)
    results["add lower rank, square"] = numpy_of(layers.Add()([square, values((3, 4), 7)]))
    return results


@case()
def merges_in_a_model(keras: Keras) -> Results:
    """Shapes of merges of symbolic tensors, and what the model computes."""
    layers = keras.layers
    a, b, c = keras.Input((3, 4)), keras.Input((4,)), keras.Input((1, 4))
    added = layers.Add()([a, b, c])
    joined = layers.Concatenate(axis=1)([added, c, a])
    model = keras.Model([a, b, c], [added, joined])
    data = [values((3, 3, 4), 1), values((3, 4), 2), values((3, 1, 4), 3)]
    first, second = model.predict(data, verbose=0)
    return {
        "added": first,
        "joined": second,
        "shapes": [list(shape) for shape in model.output_shape],
    }
