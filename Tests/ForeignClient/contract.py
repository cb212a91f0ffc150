"""The messages of Proto/care/v1 as Python classes, generated into a temporary folder when this is imported."""

import importlib
import pathlib
import shutil
import subprocess
import sys
import tempfile

PROTO = pathlib.Path(__file__).resolve().parents[2] / "Proto"


def _generate():
    compiler = shutil.which("protoc")
    if compiler is None:
        raise RuntimeError("缺少 protoc，请安装 protobuf-compiler / protoc is missing: install protobuf-compiler")
    folder = tempfile.TemporaryDirectory(prefix="care-proto-")
    files = sorted(str(path.relative_to(PROTO)) for path in PROTO.glob("care/v1/*.proto"))
    done = subprocess.run(
        [compiler, "-I", str(PROTO), "--python_out", folder.name, *files], capture_output=True, text=True
    )
    if done.returncode != 0:
        raise RuntimeError(f"protoc: {done.stderr.strip()}")
    sys.path.insert(0, folder.name)
    try:
        names = [pathlib.PurePath(file).stem for file in files]
        return folder, {name: importlib.import_module(f"care.v1.{name}_pb2") for name in names}
    finally:
        sys.path.remove(folder.name)


_folder, _modules = _generate()
archive = _modules["archive"]
archive_page = _modules["archive_page"]
attachments = _modules["attachments"]
bus = _modules["bus"]
commands = _modules["commands"]
common = _modules["common"]
event_kind = _modules["event_kind"]
queries = _modules["queries"]
record = _modules["record"]

_EVENT_MODULES = [module for name, module in _modules.items() if name.startswith("events_")]


def event_class(kind, version):
    """The payload's class of an event type, or None when this program does not know it."""
    if version != 1 or kind not in event_kind.EventKind.values() or kind == 0:
        return None
    words = event_kind.EventKind.Name(kind).removeprefix("EVENT_KIND_").split("_")
    name = "".join(word.capitalize() for word in words)
    for module in _EVENT_MODULES:
        if hasattr(module, name):
            return getattr(module, name)
    return None
