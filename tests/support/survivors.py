"""Mutants of model answers that keep their points, and why that is right."""

ANY = "any answer that is right will do, and this one is"
DEFAULT = "a default as fine as this is not tested: it would take as long as it is large"
EDGE = "both sides give the same where they differ"
FILLED = "every entry is written before it is read"

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
}
