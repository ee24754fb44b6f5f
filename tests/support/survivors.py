"""Mutants of model answers that keep their points, and why that is right."""

ANY = "any answer that is right will do, and this one is"
DEFAULT = "a default as fine as this is not tested: it would take as long as it is large"
EDGE = "both sides give the same where they differ"
ALL = "any"  # in place of mutants: none of them is tried
REST = "NumPy takes any negative size for what is left"
SQUARE = "kernels are square"
KEPT = "the function that gets it promises neither to change nor to keep it"
WIDE = "any range around the temperatures that are tested will do"
CUT = "what lies beyond the image is cut off, however much it is"
FILLED = "every entry is written before it is read"

CHOSEN = {ALL: "any cases that expose the mistakes will do"}

SURVIVORS: dict[str, dict[str, dict[str, str]]] = {
    "02_xor": {
        "perceptron_cycle": {
            "1.0 -> 2.0": "from a zero start the learning rate scales every state alike",
            "1000 -> 1001": DEFAULT,
            "mistakes += error != 0 -> mistakes -= error != 0": "only compared with 0",
        },
        "gate": {"1.0 -> 2.0 (3)": ANY, "1.0 -> 2.0 (4)": ANY},
        "xor_network": {"0.5 -> 1.0": ANY, "1.0 -> 2.0": ANY, "1.0 -> 2.0 (2)": ANY},
    },
    "04_backprop": {
        "mlp_backward": {
            "depth > 0 -> depth >= 0": "goes one step further back than anybody asks"},
        "numerical_gradient": {"np.zeros_like(x) -> np.ones_like(x)": FILLED},
        "cases": CHOSEN,
        "find_bugs": {
            "0.0005 -> 0.001": "any tolerance between rounding and 1e-3 is right",
            "np.zeros_like(x) -> np.ones_like(x)": FILLED,
            "np.abs(claimed - true) <= allowed -> np.abs(claimed - true) < allowed": EDGE,
        },
    },
    "05_activations": {
        "sigmoid": {"z >= 0 -> z > 0": EDGE},
        "sigmoid_grad": {
            "1.0 + np.tanh(0.5 * np.asarray(z, dtype=float)) -> "
            "1.0 - np.tanh(0.5 * np.asarray(z, dtype=float))":
                "the slope is the same on both sides of zero"},
        "leaky_relu": {"z > 0 -> z >= 0": EDGE},
        "leaky_relu_grad": {
            "np.asarray(z) > 0 -> np.asarray(z) >= 0": "at 0 both alpha and 1 are accepted"},
    },
    "06_vanishing_gradients": {
        "units_identical": {
            "1e-12 -> 2e-12": DEFAULT,
            "np.abs(W - W[0]) <= tol -> np.abs(W - W[0]) < tol": "the tests stay clear of the edge",
        },
        "clip_by_global_norm": {"norm > max_norm -> norm >= max_norm": EDGE},
    },
    "07_regularization": {
        "cases": CHOSEN,
        "dropout_forward": {
            "rng.random(X.shape) >= p -> rng.random(X.shape) > p":
                "a draw hits p itself once in 2 ** 53",
            "X.copy() -> X": "at evaluation Y may be X",
        },
        "early_stopping": {"0 -> 1": "always replaced: some loss is finite"},
        "standardize": {
            "1.0 -> 2.0": "divides a column that is 0 already",
            "varies * (train - mean) -> train - mean": "the mean of a constant is exact here",
        },
    },
    "08_optimizers": {
        "warmup_cosine": {"step >= total -> step > total": EDGE},
    },
    "10_autograd": {"cases": CHOSEN},
    "11_normalization": {"groupnorm_forward": {"1 -> 2": REST}},
    "12_residual": {
        "stochastic_depth": {
            "rng.random(len(X)) >= p -> rng.random(len(X)) > p": "a draw is never exactly p",
            "1 -> 2 (2)": REST},
    },
    "13_convolution": {
        "cases": CHOSEN,
        "conv2d_forward": {
            "np.zeros((n, out, h2, w2)) -> np.ones((n, out, h2, w2))": FILLED,
            "1 -> 2 (2)": SQUARE,
            "0 -> 1 (3)": "an image more than anybody asks for"},
        "im2col": {
            "np.zeros((n, h2, w2, c, kernel, kernel)) -> "
            "np.ones((n, h2, w2, c, kernel, kernel))": FILLED},
        "col2im": {"2 -> 3 (2)": CUT, "2 -> 3 (3)": CUT},
        "conv2d_backward": {"1 -> 2 (2)": REST, "1 -> 2 (3)": SQUARE, "1 -> 2 (5)": REST},
    },
    "14_recurrent": {
        "masked_cross_entropy": {
            "-1 -> 1": "the entries that are kept have two axes",
            "-1 -> 1 (2)": "the entries that are kept have two axes"},
        "rnn_backward": {"np.zeros(X.shape) -> np.ones(X.shape)": FILLED},
    },
    "15_attention": {"cases": CHOSEN},
    "16_interpretability": {
        "occlusion": {
            "np.zeros((h - size + 1, w - size + 1)) -> np.ones((h - size + 1, w - size + 1))":
                FILLED,
            "image.copy() -> image": KEPT},
        "permutation_importance": {"np.zeros(X.shape[1]) -> np.ones(X.shape[1])": FILLED},
        "lime": {
            "x + sigma * rng.normal(size=(samples, len(x))) -> "
            "x - sigma * rng.normal(size=(samples, len(x)))": "normal draws are symmetric",
            "Z - x -> Z + x": "the intercept takes up a shift of all rows",
            "Z - x -> Z": "the intercept takes up a shift of all rows"},
        "shapley": {"2 -> 3 (2)": "asks about coalitions twice, and uses the first"},
        "shapley_sampled": {"mask.copy() -> mask": KEPT},
    },
    "17_capstone": {
        "calibration_error": {"confidence > edges[k] -> confidence >= edges[k]":
                              "no confidence in the tests lies on an inner edge"},
        "temperature": {
            "np.log(100.0) -> np.log1p(100.0)": WIDE, "0.01 -> 0.02": WIDE,
            "100.0 -> 200.0": WIDE, "50 -> 51": "one more halving",
            "slope > 0 -> slope >= 0": EDGE,
            "np.mean((softmax(Z / np.exp(middle)) * Z).sum(axis=1) - right) -> "
            "np.sum((softmax(Z / np.exp(middle)) * Z).sum(axis=1) - right)":
                "only the sign of the slope counts"},
        "train_digits": {ALL: "another recipe that reads the digits is as right, and each takes "
                              "seconds to train"},
    },
}
