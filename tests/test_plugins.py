"""Plugins: instances with values in force, and classes in files of the user's."""

import pickle
import subprocess
import sys
import textwrap

import pytest

from fupin_sim.dated import Series, month_number
from fupin_sim.errors import BadInput
from fupin_sim.parameter import Dated, Parameter
from fupin_sim.plugins import Measure, Plugin, PluginFile, Policy, Process, Shock, default_name, is_file, load_plugin
from fupin_sim.reading import digest_of, read_bytes
from tests.toy_catalogue import Cash, Dibao

VOUCHER = '''
"""Vouchers."""
from fupin_sim.parameter import Parameter
from fupin_sim.plugins import Policy


class Voucher(Policy):
    """A voucher for everybody."""

    value = Parameter(100, unit="yuan per household-month")
'''


@pytest.fixture
def write(tmp_path):
    def write(text, name="voucher.py"):
        (tmp_path / name).write_text(textwrap.dedent(text), encoding="utf-8")
        return tmp_path

    return write


def refusal(use, folder, base=Policy):
    with pytest.raises(BadInput) as caught:
        load_plugin(use, base, folder)
    (mistake,) = caught.value.mistakes
    assert "\n" not in mistake
    return mistake


def test_values_follow_the_months():
    dibao = Dibao("dibao", {"level": Series.of({"2016": 0.65, "2018": 0.8}), "fund": "province"})
    assert (dibao.level, dibao.fund, dibao.budget) == (0.65, "province", None)
    dibao.at(month_number("2018-05"))
    assert (dibao.level, dibao.fund) == (0.8, "province")
    dibao.at(month_number("2017-12"))
    assert dibao.level == 0.65


def test_without_values_there_are_defaults_and_the_class_gives_the_name():
    assert Cash().values == {"start": "", "fund": "county", "budget": None, "amount": 0, "counties": ()}
    assert Cash().name == "Cash"


def test_instances_do_not_share_values():
    one, other = Cash("one"), Cash("other")
    one.values["amount"] = 5
    assert other.amount == 0


def test_hooks_do_nothing_until_they_are_written():
    policy, shock = Policy("p"), Shock("s")
    assert [policy.adjust(None), policy.claim(None), policy.paid(None, None)] == [None] * 3
    assert [shock.adjust(None), shock.strike(None), Process("p").run(None)] == [None] * 3
    assert Dibao("d").describe() == "Income topped up to a level."
    with pytest.raises(NotImplementedError):
        Measure("m").take(None)


def test_a_policy_without_a_docstring_describes_itself_by_its_class():
    class Mute(Policy):
        pass

    assert Mute("m").describe() == "Mute"


@pytest.mark.parametrize("attribute", ["at", "name", "values", "schedules", "claim", "renamed"])
def test_a_parameter_cannot_hide_what_every_plugin_has(attribute):
    with pytest.raises(TypeError, match=rf'Mine\.{attribute} would hide .* Parameter\(…, name="{attribute}"\)'):
        type("Mine", (Policy,), {attribute: Parameter(1)})


@pytest.mark.parametrize(
    ("name", "said"), [("use", 'called "use"'), ("enabled", 'called "enabled"'), ("a.b", '"a.b" cannot be the name')]
)
def test_a_parameter_cannot_be_called_what_every_entry_has(name, said):
    with pytest.raises(TypeError, match=said):
        type("Mine", (Policy,), {"x": Parameter(1, name=name)})


def test_a_parameter_may_be_declared_again_or_taken_away():
    class Narrow(Dibao):
        level = Dated(0.9)
        budget = None

    assert Narrow("n").values == {"start": "", "fund": "county", "level": 0.9}


@pytest.mark.parametrize(
    ("use", "file", "name"),
    [
        ("dibao", False, "dibao"),
        ("mine.py", True, "mine"),
        ("mine.py:Voucher", True, "Voucher"),
        ("./mine", True, "mine"),
        ("C:\\plugins\\mine.py", True, "mine"),
        ("C:\\plugins\\mine.py:Voucher", True, "Voucher"),
        ("a:b", False, "a:b"),
    ],
)
def test_what_looks_like_a_file_is_one(use, file, name):
    assert (is_file(use), default_name(use)) == (file, name)


def test_a_file_beside_the_scenario_gives_its_class(write):
    folder = write(VOUCHER)
    cls = load_plugin("voucher.py", Policy, folder)
    assert cls("v").value == 100.0
    assert cls.origin == PluginFile(
        str((folder / "voucher.py").resolve()), "Voucher", (folder / "voucher.py").read_bytes()
    )
    assert cls.origin.digest == digest_of((folder / "voucher.py").read_bytes())
    assert load_plugin("voucher.py:Voucher", Policy, folder) is cls, "one class however often it is named"
    assert load_plugin(str(folder / "voucher.py"), Policy, folder / "elsewhere") is cls
    assert Policy.origin is None


def test_a_changed_file_gives_another_class(write):
    first = load_plugin("voucher.py", Policy, write(VOUCHER))
    second = load_plugin("voucher.py", Policy, write(VOUCHER.replace("100", "200")))
    assert (first("v").value, second("v").value) == (100, 200)
    assert first.origin.digest != second.origin.digest


def test_a_class_travels_as_the_bytes_of_its_file(write, tmp_path):
    cls = load_plugin("voucher.py", Policy, write(VOUCHER))
    packed = pickle.dumps(cls.origin)
    write("raise SystemExit('edited meanwhile')")
    code = f"import pickle; print(pickle.loads({packed!r}).load()('v').value)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "100.0\n"


def test_derived_classes_each_have_their_own_origin(write):
    folder = write(VOUCHER + "\n\nclass Large(Voucher):\n    value = Parameter(500)\n\n\nSame = Large\n")
    large = load_plugin("voucher.py:Large", Policy, folder)
    assert large.origin.class_name == "Large"
    assert load_plugin("voucher.py:Voucher", Policy, folder).origin.class_name == "Voucher"
    assert load_plugin("voucher.py:Same", Policy, folder) is large
    assert refusal("voucher.py", folder) == 'has several: Large, Voucher; say which one: use = "voucher.py:Large"'
    assert refusal("voucher.py:Voucer", folder) == (
        'has no Policy called "Voucer". Did you mean "Voucher"?  It has Large, Voucher'
    )


def test_a_file_without_the_right_class_is_refused(write):
    folder = write(VOUCHER)
    assert refusal("voucher.py", folder, Shock) == (
        "has no class derived from Shock; begin one with: class Mine(Shock):"
    )
    assert refusal("voucher.py:Parameter", folder).startswith('has no Policy called "Parameter".')


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = 1\ny = undefined\n", "does not load: NameError: name 'undefined' is not defined (line 2)"),
        ("def f(:\n", "does not load: SyntaxError: invalid syntax (line 1)"),
        ("import no_such_module_anywhere\n", "does not load: ModuleNotFoundError: No module named"),
        ("\nraise SystemExit\n", "does not load: SystemExit (line 2)"),
        ("raise ValueError('two\\nlines')\n", "does not load: ValueError: two lines (line 1)"),
        (
            "from fupin_sim.parameter import Parameter\nParameter(-1, unit='yuan')\n",
            "must be at least 0 (yuan) (line 2)",
        ),
        ("def f():\n    f()\nf()\n", "does not load: RecursionError: maximum recursion depth exceeded"),
        ("\0", "does not load: "),
    ],
)
def test_a_file_that_does_not_load_is_refused_with_its_line(write, text, said):
    assert said in refusal("voucher.py", write(text))


def test_a_failure_leaves_no_module_behind(write):
    before = {name for name in sys.modules if name.startswith("fupin_sim_plugin_")}
    refusal("voucher.py", write("raise ValueError"))
    assert {name for name in sys.modules if name.startswith("fupin_sim_plugin_")} == before


def test_a_file_that_is_not_there_is_refused_with_the_nearest(write):
    folder = write(VOUCHER)
    (folder / "folder.py").mkdir()
    (folder / "notes.txt").touch()
    assert refusal("vouchr.py", folder) == 'no such file. Did you mean "voucher.py"?'
    assert refusal("zzz.py", folder) == "no such file"
    assert refusal("nowhere/voucher.py", folder) == f"no such file, and no folder {folder.resolve() / 'nowhere'}"
    assert refusal("folder.py", folder) == "is a folder, not a file"
    assert refusal("a\0.py", folder) == "is no name of a file"
    assert refusal("a" * 5000 + ".py", folder).startswith("cannot be read: File name too long")


def test_a_file_that_may_not_be_read_is_refused(monkeypatch, tmp_path):
    def refuse(path):
        raise PermissionError

    monkeypatch.setattr(type(tmp_path), "read_bytes", refuse)
    with pytest.raises(ValueError, match="may not be read"):
        read_bytes(tmp_path / "secret")
    with pytest.raises(ValueError, match="is a folder, not a file"):
        read_bytes(tmp_path)  # as Windows says it
    monkeypatch.undo()
    with pytest.raises(ValueError, match="is a folder, not a file"):
        read_bytes(tmp_path)


def test_a_link_that_leads_to_itself_is_refused(tmp_path):
    (tmp_path / "loop.py").symlink_to(tmp_path / "loop.py")
    assert refusal("loop.py", tmp_path) in ("is no name of a file", "cannot be read: Too many levels of symbolic links")


def test_a_plugin_is_any_class_with_a_name():
    assert Plugin("rain", {"a": 1}).values == {"a": 1}
