"""Answers whose values lie about what they are, or do not end."""

from attacks.driver import Attack, each

HEAD = "class Evil:\n    def __init__(self, *a): pass\n"
SUB = "class Sub(np.ndarray):\n"
REFUSED = [
    Attack("equals_everything", HEAD + "    __eq__ = __le__ = __ge__ = lambda *a: True\n"
           "    __ne__ = lambda *a: False\n    __bool__ = lambda s: True\n"
           "    shape, dtype = (2,), np.dtype(float)\ndef attacked(x): return Evil()", "raised"),
    Attack("every_attribute", HEAD + "    def __getattr__(self, name): return Evil()\n"
           "    def __call__(self, *a): return Evil()\ndef attacked(x): return Evil()"),
    Attack("array_protocol", HEAD + "    def __array__(self, *a, **k): return np.array([3.0, -6])\n"
           "def attacked(x): return Evil()", "raised"),
    Attack("array_interface", HEAD + "    __array_interface__ = {'shape': (2,), 'typestr': '<f8',"
           " 'data': (0, False), 'version': 3}\ndef attacked(x): return Evil()", "raised"),
    Attack("array_function", SUB + "    def __array_function__(self, *a, **k): return True\n"
           "def attacked(x): return np.zeros(2).view(Sub)", "raised"),
    Attack("array_ufunc", SUB + "    def __array_ufunc__(self, *a, **k): return np.True_\n"
           "def attacked(x): return np.zeros(2).view(Sub)", "raised"),
    Attack("array_subclass_that_equals", SUB + "    __eq__ = lambda *a: np.ones(2, bool)\n"
           "    __sub__ = __rsub__ = lambda s, o: np.zeros(2)\n"
           "def attacked(x): return np.zeros(2).view(Sub)", "raised"),
    Attack("masked_array", "def attacked(x): return np.ma.masked_all(np.shape(x))", "raised"),
    Attack("matrix", "def attacked(x): return np.asmatrix(3 * x)", "raised"),
    Attack("float_subclass", "class F(float):\n    __eq__ = lambda *a: True\n"
           "    __sub__ = __rsub__ = lambda *a: 0.0\ndef attacked(x): return F(1)", "raised"),
    Attack("class_lies", HEAD + "    __class__ = np.ndarray\ndef attacked(x): return Evil()",
           "raised"),
    Attack("metaclass_lies", """
class Meta(type):
    def __eq__(self, other): return True
    def __hash__(self): return hash(np.ndarray)
    def __instancecheck__(self, other): return True
class Evil(metaclass=Meta): pass
def attacked(x): return Evil()
""", "raised"),
    Attack("objects_in_an_array", HEAD + "    __eq__ = lambda *a: True\n"
           "    __float__ = lambda s: 3.0\n"
           "def attacked(x): return np.array([Evil(), Evil()], object)", "raised"),
    Attack("fields", "def attacked(x): return np.zeros(2, [('a', float)])", "raised"),
    Attack("reduces_to_a_command", HEAD + "    def __reduce__(self):\n        import os\n"
           "        return os.system, ('touch /tmp/ESCAPED',)\ndef attacked(x): return Evil()",
           "raised"),
    Attack("generator", "def attacked(x):\n    while True: yield 3.0", "raised"),
    Attack("cyclic", "def attacked(x):\n    x = []\n    x.append(x)\n    return x", "raised"),
    Attack("deep", "def attacked(x):\n    x = []\n    for _ in range(10**5): x = [x]\n    return x",
           "raised"),
    Attack("billion_laughs", "def attacked(x):\n    x = [3.0]\n"
           "    for _ in range(40): x = [x, x]\n    return x", "raised"),
    Attack("huge_array", "def attacked(x): return np.zeros(2**26)", "raised"),
    Attack("huge_by_strides", "def attacked(x):\n"
           "    return np.lib.stride_tricks.as_strided(np.zeros(1), (2**40,), (0,))", "raised"),
    Attack("wild_pointer", "import ctypes\ndef attacked(x):\n    return "
           "np.ctypeslib.as_array(ctypes.cast(8, ctypes.POINTER(ctypes.c_double)), (2,))",
           "crashed"),
    Attack("huge_int", "def attacked(x): return 1 << 10**6", "raised"),
    Attack("int_that_is_no_float", "def attacked(x): return 10**400"),
    Attack("int_that_is_no_int64", "def attacked(x): return 2**70"),
    Attack("huge_text", "def attacked(x): return '3' * 10**8", "raised"),
    Attack("long_text", "def attacked(x): return '3' * 10**7"),
    Attack("half_a_character", "def attacked(x): return '\\ud800'", "raised"),
    Attack("nan", "def attacked(x): return np.full(np.shape(x), np.nan)"),
    Attack("infinity", "def attacked(x): return np.full(np.shape(x), np.inf)"),
    Attack("nothing", "def attacked(x): return None"),
    Attack("itself", "def attacked(x): return attacked"),
    Attack("broken_booleans", "def attacked(x): return np.full(2, 7, np.uint8).view(bool)",
           "raised"),
    Attack("same_hashes", "def attacked(x): return {n * (2**61 - 1): 0 for n in range(10**3)}",
           "raised"),
    Attack("hostile_signature", "class F:\n    __call__ = None\n    __class__ = type(len)\n"
           "attacked = F()", "raised"),
    Attack("no_function", "attacked = 3.0", "raised"),
    Attack("deleted", "def attacked(x): return 3 * x\ndel attacked", "missing"),
]
OTHERS = [
    Attack("text_that_equals", "class S(str):\n    __eq__ = lambda *a: True\n"
           "    __hash__ = str.__hash__\n    strip = lower = lambda s: s\n"
           "def letter(): return S('x')", "raised", exercise="letter"),
    Attack("every_letter", "def letter(): return 'abc'", exercise="letter"),
    Attack("letter_in_a_list", "def letter(): return ['a', 'b', 'c']", exercise="letter"),
    Attack("list_that_equals", "class L(list):\n    __eq__ = lambda *a: True\n"
           "    __len__ = lambda s: 3\ndef listed(n): return L()", "raised", exercise="listed"),
    Attack("ints_that_equal", "class I(int):\n    __eq__ = lambda *a: True\n"
           "    __hash__ = int.__hash__\ndef listed(n): return [I(9)] * 3", "raised",
           exercise="listed"),
    Attack("endless_list", "class L(list):\n    def __iter__(self):\n        while True: yield 1\n"
           "def listed(n): return L()", "raised", exercise="listed"),
    Attack("endless_range", "def listed(n): return range(10**18)", "raised", exercise="listed"),
    Attack("calls_back_with_itself", "def mapped(f, x): return f(f)", "raised",
           exercise="mapped"),
    Attack("calls_back_too_deep", "def mapped(f, x): return mapped(f, f(x))", "raised",
           exercise="mapped"),
    Attack("calls_back_with_a_flood", "def mapped(f, x): return f(np.ones(2**26))", "raised",
           exercise="mapped"),
    Attack("calls_back_for_an_error", """
import traceback
def mapped(f, x):
    try:
        f('x')
    except ValueError as error:
        print(error.remote_traceback)
        raise RuntimeError(error.remote_traceback)
""", "raised", exercise="mapped"),
]


@each(REFUSED)
def test_only_plain_right_values_earn_points(field, attack):
    field.attack(attack)


@each(OTHERS)
def test_and_so_for_texts_lists_and_callbacks(field, attack):
    field.attack(attack)
