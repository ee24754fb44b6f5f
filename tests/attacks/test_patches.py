"""Answers that change the tools, in the hope that the tests use the same."""

from attacks.driver import Attack, each, right

WRONG = "\ndef attacked(x): return 0.0\n"
TRUE = "lambda *a, **k: True"
UNDUE = [Attack(name, source + WRONG) for name, source in {
    "allclose": f"np.allclose = np.isclose = np.array_equal = {TRUE}",
    "testing": "np.testing.assert_allclose = np.testing.assert_array_equal = lambda *a, **k: None",
    "array_all": "import ctypes\nnp.all = np.any = lambda *a, **k: True",
    "builtins": f"import builtins\nbuiltins.all = builtins.any = {TRUE}",
    "checks": "import utils.checks as c\nfor name in ('close', 'equal', 'floats', '_judge'):\n"
              "    setattr(c.Checks, name, lambda *a, **k: None)",
    "score": "import utils._cards.card as card\ncard.Score.__new__ = lambda c, *a: float.__new__(c, 4.0)",
    "compare": "import utils._checks.compare as c\nc.close = c.equal = c.floats = lambda *a, **k: None",
    "modules": "import sys, types\nfor name in ('utils', 'utils.checks', 'utils._checks.compare'):\n"
               "    sys.modules[name] = types.ModuleType(name)",
    "import_hook": "import sys\nclass Hook:\n    def find_spec(self, *a):\n"
                   "        raise ImportError('no')\nsys.meta_path.insert(0, Hook())",
    "import_function": "import builtins\nold = builtins.__import__\n"
                       "builtins.__import__ = lambda *a, **k: old(*a, **k)",
    "check_in_the_notebook": "class Checks:\n    def __init__(self, *a, **k): pass\n"
                             "    def result(self): return 4.0\ncheck = Checks()",
    "trace": "import sys\nsys.settrace(lambda *a: None)\nsys.setprofile(lambda *a: None)",
    "exit_hooks": "import atexit, sys\natexit.register(lambda: 4.0)\n"
                  "sys.excepthook = sys.unraisablehook = lambda *a: None",
    "random_seed": "np.random.default_rng = lambda *a: np.random.Generator(np.random.MT19937(0))",
    "warnings": "import warnings\nwarnings.simplefilter('error')\n"
                "warnings.warn = warnings.showwarning = None",
}.items()] + [
    Attack("every_type", f"import builtins\nbuiltins.isinstance = {TRUE}" + WRONG, "crashed"),
    Attack("no_display_publisher", "get_ipython().display_pub = None" + WRONG, "crashed"),
    Attack("patch_in_a_call", f"def attacked(x):\n    np.allclose = np.isclose = {TRUE}\n"
           "    import utils._checks.compare as c\n    c.close = lambda *a: None\n    return 0.0"),
    Attack("stops_the_clock", "import time\ntime.monotonic = time.time = lambda: 0.0\n"
           "def attacked(x):\n    while True: pass", "timeout"),
    Attack("answers_by_looking_up_the_stack", """
import sys
def attacked(x):
    frame = sys._getframe()
    while frame:
        for name in ('expected', 'check', 'answer', 'reference', 'points'):
            if name in frame.f_locals: return frame.f_locals[name]
        frame = frame.f_back
    return 0.0
"""),
]
HARMLESS = [right(name, source) for name, source in {
    "display_formatter": "ip = get_ipython()\nip.display_formatter = None\n1",
    "displayhook": "import sys\nsys.displayhook = None\n1",
    "formatter_that_raises": "def boom(x): raise SystemExit\n"
                             "get_ipython().display_formatter.formatters['text/plain']"
                             ".for_type(int, boom)\n1",
    "input_transformer": "get_ipython().input_transformers_post.append("
                         "lambda lines: ['print(1)\\n'] + lines)",
    "ast_transformer": "import ast\nclass T(ast.NodeTransformer):\n"
                       "    def visit_Constant(self, node): raise ValueError\n"
                       "get_ipython().ast_transformers.append(T())",
    "event_hooks": "def boom(*a): raise ValueError\nfor name in ('pre_execute', 'post_execute', "
                   "'pre_run_cell', 'post_run_cell'):\n"
                   "    get_ipython().events.register(name, boom)",
    "exception_handler": "get_ipython().set_custom_exc((Exception,), lambda *a, **k: None)",
    "standard_streams": "import sys\nsys.stdout = sys.stderr = sys.stdin = None",
    "closed_streams": "import sys\nsys.stdout.close(); sys.stderr.close()",
    "closed_standard_descriptors": "import os\nfor fd in (0, 1, 2): os.close(fd)",
    "environment": "import os\nos.environ.clear()",
    "working_folder": "import os, shutil\nos.makedirs('gone', exist_ok=True)\nos.chdir('gone')\n"
                      "os.rmdir(os.getcwd())",
    "collector": "import gc\ngc.disable(); gc.unfreeze(); gc.collect()",
    "error_state": "np.seterr(all='raise')",
    "print_options": "np.set_printoptions(threshold=0, formatter={'all': lambda x: 'x'})",
    "namespace": "get_ipython().user_ns.pop('_', None)\n%reset_selective -f ^_i",
}.items()]


@each(UNDUE)
def test_patched_tools_earn_nothing(field, attack):
    notebook = field.notebook(attacked=attack.source)
    result, _ = field.grade(notebook)
    found = {exercise.name: exercise for exercise in result.exercises}
    assert found["attacked"].score == 0
    assert found["attacked"].error == attack.error
    assert found["before"].score == 1
    field.stands(result)


@each(HARMLESS)
def test_a_changed_shell_costs_nothing(field, attack):
    field.attack(attack)
