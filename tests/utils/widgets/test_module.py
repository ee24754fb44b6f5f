"""Scripts and what they import are joined into one ES module, in one scope."""

import re
from pathlib import Path

import pytest

from utils import plots
from utils.widgets.kit import explorer
from utils.widgets.kit.explorer import HERE, module

UTILS = HERE.parents[1]
SCRIPTS = [*sorted(UTILS.glob("widgets/*/explorer.js")), UTILS / "hand_in" / "button.js",
           UTILS / "interview" / "interview.js"]
KIT = sorted(HERE.glob("*.js"))


def names(text):
    """What is declared at the top level."""
    found = re.findall(r"^(?:export )?(?:async )?(?:function|const|let|class) (\w+)", text, re.M)
    for pattern in re.findall(r"^(?:export )?(?:const|let) [\[{](.*?)[\]}] =", text, re.M):
        found += re.findall(r"\w+", pattern)
    return found


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.parent.name)
def test_a_module_holds_whatever_it_imports_and_each_name_once(script):
    text = module(script)
    assert not re.search(r"^import |^export (?!default )", text, re.M)
    assert text.count("export default ") == 1
    assert text.rstrip().endswith("export default { render: framed(render) };")
    assert len(names(text)) == len(set(names(text)))
    for line in re.findall(r"^import .*$", script.read_text("utf-8"), re.M):
        assert set(re.findall(r"\w+", line.split("{")[1].split("}")[0])) <= set(names(text))


def test_what_is_imported_comes_first_and_once(tmp_path):
    (tmp_path / "a.js").write_text('import { b } from "./b.js";\nimport { c } from "./c.js";\na;\n')
    (tmp_path / "b.js").write_text('import { c } from "./c.js";\nexport const b = c;\n')
    (tmp_path / "c.js").write_text("export async function c() {}\n")
    assert module(tmp_path / "a.js").split()[-9:] == [
        "async", "function", "c()", "{}", "const", "b", "=", "c;", "a;"]


def test_the_colors_are_those_of_the_figures(monkeypatch):
    script = (HERE / "marks.js")
    assert f'"wrong": "{plots.WRONG}"' in module(script)
    monkeypatch.setitem(explorer.COLORS, "wrong", "#123456")
    assert '"wrong": "#123456"' in module(script)
    declared = re.findall(r"(\w+): (?:\[\]|\"\")", (HERE / "colors.js").read_text("utf-8"))
    assert declared == list(explorer.COLORS)


def test_nothing_in_the_kit_is_exported_in_vain():
    imported = {name for path in (*SCRIPTS, *KIT) for line in
                re.findall(r"^import \{(.*)\}", path.read_text("utf-8"), re.M)
                for name in re.findall(r"\w+", line)}
    exported = {name for path in KIT for line in
                re.findall(r"^export .*$", path.read_text("utf-8"), re.M) for name in names(line)}
    assert exported == imported | {"framed"}  # which `module` puts around every explorer


def test_no_file_of_the_kit_is_long():
    assert all(len(Path(path).read_text("utf-8").splitlines()) <= 200 for path in KIT)
