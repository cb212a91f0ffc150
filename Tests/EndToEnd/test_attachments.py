"""Files that records name: put, named, read, kept once, told to nobody else, and taken along by backups.

The files go over the bus in parts, as carectl and a program of somebody else send them.
"""

import hashlib
import json
import os
import struct
import zipfile
import zlib

import pytest
from contract import attachments, bus
from offices import couple, write_roster
from service import Refused
from test_full_disk import fill, small_disk  # noqa: F401
from told import view

CITY = ("--division", "520100")
PACK = ("--pack", "guiyang-2013", *CITY, "--period", "2014")
STREAM = "duty-520100"


def png(seed, size=64):
    """A picture: of one colour, or of noise, which does not shrink."""
    rows = b"".join(b"\0" + (os.urandom(size * 3) if seed is None else bytes([seed]) * size * 3) for _ in range(size))

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


@pytest.fixture(scope="module")
def city(shared):
    """A family, and the keys of two departments of the city, of another city, and of one who may not see names."""
    shared.ok("rules", "publish", "guiyang-2013")
    rights = ("--right", "command", "--right", "query")
    for name, department in (("fp", "dept.fp"), ("hrss", "dept.hrss"), ("water", "dept.water")):
        shared.new_key(name, *CITY, "--department", department, *rights, "--right", "reveal")
    shared.new_key("elsewhere", "--division", "350100", "--department", "dept.fp", *rights, "--right", "reveal")
    shared.new_key("masked", *CITY, "--department", "dept.fp", *rights)
    roster = couple(11, 户标识="a1", 档案号="GY-A1", 建档日期="2013-07-01", 区划代码="520102001001")
    counts, said = shared.import_file(write_roster(shared.folder / "attached.csv", roster))
    assert counts == {"new": 1}, said
    shared.ready(projected=True)
    return shared


def write(deployment, name, content):
    path = deployment.folder / name
    path.write_bytes(content)
    return path


def refused(deployment, code, *arguments, key="fp"):
    said = deployment.carectl(*arguments, key=key)
    assert said.code != 0 and code in said.err, said
    return said


def stored(deployment, digest):
    return deployment.data / "attachments" / digest[:2] / digest


def add(deployment, path, *place, key="fp"):
    said = deployment.ok("attachment", "add", path, *(place or CITY), key=key)
    assert said.out.startswith("sha256:"), said
    return said.out.strip().removeprefix("sha256:")


def get(deployment, digest, out, *place, key="fp", code=0):
    said = deployment.carectl(
        "attachment", "get", digest, "--out", out, "--reveal", "inspection", *(place or CITY), key=key)
    assert said.code == code, said
    return said


def events(deployment, kind):
    return view(deployment, "--where", f"event == '{kind}' && meta.actor != 'carectl'")


def test_a_photo_of_a_duty_from_the_desk_to_the_reader(city):
    """Larger than one part; put first, then named; read by who may see the record, with a reason that is recorded."""
    content = png(None, 700)
    assert len(content) > 1 << 20
    photo = write(city, "visit.png", content)
    digest = hashlib.sha256(content).hexdigest()
    city.ok("duty", "done", "GY-4.1", *PACK, "--file", photo, "--on", "2014-12-30", key="fp")
    assert stored(city, digest).read_bytes() == content
    assert stored(city, digest).stat().st_mode & 0o777 == 0o400

    listed = city.ok("attachment", "list", *CITY, "--json", key="fp").json()["attachments"]
    mine = [one for one in listed if one["digest"] == digest]
    assert [(one["kept"], one["type"], one["bytes"]) for one in mine] == [(True, "png", len(content))]

    out = city.folder / "fetched.png"
    get(city, digest, out)
    assert out.read_bytes() == content
    refused(city, "CARE-6562", "attachment", "get", digest, "--out", out, "--reveal", "again", *CITY)
    read = events(city, "AttachmentRead")
    assert [(one["digest"], one["place"]) for one in read] == [(digest, STREAM)] and "inspection" not in str(read)
    kept = [(one["size"], one["type"], one["place"]) for one in events(city, "AttachmentKept") if one["digest"] == digest]
    assert kept == [(len(content), "png", STREAM)]


def test_the_same_file_again_is_kept_once(city):
    photo = write(city, "twice.png", png(2))
    digest = add(city, photo)
    before = stored(city, digest).stat()
    assert add(city, photo) == digest
    assert add(city, photo, key="water") == digest
    after = stored(city, digest).stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns), "nothing writes over it"
    assert len([1 for event in events(city, "AttachmentKept") if event["digest"] == digest]) == 1
    assert not list((city.data / "attachments" / "incoming").iterdir())


def test_what_a_file_is_not(city):
    """Refused with what to do: programs, archives, macros, nothing, too much, another digest."""
    script = write(city, "run.jpg", b"\x7fELF" + bytes(200))
    assert "PDF" in refused(city, "CARE-6542", "attachment", "add", script, *CITY).err
    packed = city.folder / "files.zip"
    with zipfile.ZipFile(packed, "w") as made:
        made.writestr("list.csv", "a,b\n")
    refused(city, "CARE-6542", "attachment", "add", packed, *CITY)
    office = city.folder / "letter.docx"
    parts = {"[Content_Types].xml": "<Types/>", "word/document.xml": "<document/>"}
    with zipfile.ZipFile(office, "w") as made:
        for name, text in parts.items():
            made.writestr(name, text)
    assert add(city, office)
    with zipfile.ZipFile(office, "a") as made:
        made.writestr("word/vbaProject.bin", "x")
    refused(city, "CARE-6543", "attachment", "add", office, *CITY)
    refused(city, "CARE-6541", "attachment", "add", write(city, "empty.pdf", b""), *CITY)
    large = city.folder / "film.pdf"
    with open(large, "wb") as film:
        film.write(b"%PDF-1.7\n")
        film.truncate((32 << 20) + 1)
    refused(city, "CARE-6541", "attachment", "add", large, *CITY)
    refused(city, "CARE-6535", "attachment", "add", city.folder / "none.pdf", *CITY)
    refused(city, "CARE-6560", "attachment", "add", office)
    # A duty whose proof is refused is not reported.
    before = city.ok("duty", "show", "GY-4.3", *PACK, "--json").json()
    refused(city, "CARE-6542", "duty", "done", "GY-4.3", *PACK, "--file", script)
    assert city.ok("duty", "show", "GY-4.3", *PACK, "--json").json() == before
    # Kept elsewhere, only its digest counts.
    city.ok("duty", "done", "GY-4.3", *PACK, "--file", script, "--digest-only", "--on", "2014-12-20", key="fp")
    shown = city.ok("duty", "show", "GY-4.3", *PACK)
    assert "只有摘要、未核内容 1" in shown.out, shown
    listed = city.carectl("attachment", "list", *CITY, "--json", key="fp")
    assert listed.code == 1 and any(not one["kept"] for one in listed.json()["attachments"])


def part(content, offset=0, size=None, stream=STREAM, digest=None, length=300_000):
    return attachments.PutAttachment(
        stream=stream, digest=digest or hashlib.sha256(content).digest(), size=size or len(content), offset=offset,
        content=content[offset:offset + length])


def put(client, message):
    return attachments.PutAttachmentReply.FromString(client.ask(bus.METHOD_PUT_ATTACHMENT, message))


def fails(client, method, message):
    with pytest.raises(Refused) as refusal:
        client.ask(method, message)
    return refusal.value.code


def test_a_transfer_that_was_cut_goes_on_where_it_stopped(city):
    client = city.client("care-archive", "fp")
    content = png(None, 500)
    first = put(client, part(content))
    assert first.received == 300_000 and not first.HasField("kept")
    # A part that runs ahead, one that comes twice, another sender's, another file of the same name: nothing mixes.
    assert put(client, part(content, 600_000)).received == 300_000
    assert put(client, part(content)).received == 300_000
    other = city.client("care-archive", "water")
    assert put(other, part(content, 300_000)).received == 0
    city.kill("care-archive")
    city.start("care-archive").ready()
    client = city.client("care-archive", "fp")
    again = put(client, part(content))
    assert again.received == 300_000
    while not again.HasField("kept"):
        again = put(client, part(content, again.received))
    assert again.kept.type == "png" and again.kept.size == len(content)
    assert stored(city, hashlib.sha256(content).hexdigest()).read_bytes() == content
    # The last part again, as after a lost answer: from the beginning, and then the same answer.
    assert put(client, part(content, len(content) - 1)).received == 0

    wrong = hashlib.sha256(b"something else").digest()
    small = png(3)
    assert fails(client, bus.METHOD_PUT_ATTACHMENT, part(small, digest=wrong)) == "CARE-6544"
    assert not stored(city, wrong.hex()).exists()
    assert fails(client, bus.METHOD_PUT_ATTACHMENT, part(small, size=len(small) - 1)) == "CARE-6545"
    assert fails(client, bus.METHOD_PUT_ATTACHMENT, part(small, size=1 << 40)) == "CARE-6541"
    assert fails(client, bus.METHOD_PUT_ATTACHMENT, part(small, stream="pack-guiyang-2013")) == "CARE-6540"


def test_strangers_learn_nothing(city):
    """What is not there, what is somebody else's and what nobody names look the same."""
    content = png(4)
    digest = add(city, write(city, "named.png", content))
    nowhere = "ab" * 32
    out = city.folder / "never.png"
    said = {
        refused(city, "CARE-6540", "attachment", "get", wanted, "--out", out, "--reveal", "look", *place, key=key).err
        for wanted, place, key in (
            (digest, CITY, "fp"),  # nobody names it yet
            (nowhere, CITY, "fp"), (digest, CITY, "elsewhere"), (nowhere, CITY, "elsewhere"),
            (digest, ("--division", "350100"), "elsewhere"))}
    assert len(said) == 1, said
    refused(city, "CARE-6540", "attachment", "list", *CITY, key="elsewhere")
    refused(city, "CARE-1106", "attachment", "add", city.folder / "named.png", *CITY, key="elsewhere")
    # To know a digest and to name it is not enough: who has not put the file gets nothing.
    theirs = ("exchange", "send", city.folder / "named.png", "--division", "350100", "--kind", "copies", "--period",
              "2014", "--to", "dept.hrss", "--on", "2014-05-01", "--digest-only")
    city.ok(*theirs, key="elsewhere")
    refused(city, "CARE-6540", "attachment", "get", digest, "--out", out, "--reveal", "look", "--division", "350100",
            key="elsewhere")
    # It is sent whole also where it lies already: how far it comes tells nothing.
    client = city.client("care-archive", "elsewhere")
    reply = put(client, part(content, stream="duty-350100", length=100))
    assert reply.received == 100 and not reply.HasField("kept")
    # Without the right to see names, without a reason, in the middle without a beginning: not shown.
    named = add(city, write(city, "shown.png", png(5)))
    city.ok("duty", "correct", "GY-4.1", *PACK, "--file", city.folder / "shown.png", "--reason", "better_photo", key="fp")
    said = city.carectl("attachment", "get", named, "--out", out, "--reveal", "look", *CITY, key="masked")
    assert said.code == 77, said
    refused(city, "CARE-3505", "attachment", "get", named, "--out", out, "--reveal", " ", *CITY)
    get_later = attachments.GetAttachment(
        stream=STREAM, digest=bytes.fromhex(named), offset=10, reveal_reason="look")
    assert fails(city.client("care-archive", "water"), bus.METHOD_GET_ATTACHMENT, get_later) == "CARE-8019"
    assert not out.exists()
    get(city, named, out, key="water")


def test_a_list_is_for_the_two_departments(city):
    wishes = write(city, "wishes.csv", "编号\n1\n2\n".encode("gb18030"))
    digest = hashlib.sha256(wishes.read_bytes()).hexdigest()
    send = ("exchange", "send", wishes, *CITY, "--kind", "wishes", "--period", "2014", "--to", "dept.hrss")
    number = city.ok(*send, "--on", "2014-04-01", key="fp").out.strip()
    arrived = city.folder / "arrived.csv"
    get(city, digest, arrived, key="hrss")
    city.ok("exchange", "receive", number, arrived, *CITY, "--on", "2014-04-02", key="hrss")
    get(city, digest, city.folder / "copy.csv", key="fp")
    refused(city, "CARE-6540", "attachment", "get", digest, "--out", city.folder / "n.csv", "--reveal", "x", *CITY,
            key="water")
    listed = city.carectl("attachment", "list", *CITY, "--json", key="water").json()["attachments"]
    assert digest not in {one["digest"] for one in listed}


def test_the_evidence_of_a_fact(city):
    household = city.households("--number", "GY-A1")[0]["household"]
    place = ("--household", household)
    scan = write(city, "certificate.pdf", b"%PDF-1.4\n%certificate\n")
    digest = add(city, scan, *place)
    command = {
        "command": "state_fact", "household": household, "occurred_on": "2014-03-01", "fact": "household.fp_hardship",
        "value": True, "source": "certificate", "evidence": f"sha256:{digest}"}
    sent = write(city, "fact.ndjson", (json.dumps(command) + "\n").encode())
    counts, said = city.import_file(sent)
    assert counts, said
    get(city, digest, city.folder / "seen.pdf", *place)
    refused(city, "CARE-6540", "attachment", "get", digest, "--out", city.folder / "n.pdf", "--reveal", "x", *CITY)
    refused(city, "CARE-6107", "attachment", "add", scan, "--household", household[:10], key="elsewhere")


def verify(deployment, *options, code=0):
    said = deployment.carectl("attachment", "verify", "--json", *options)
    assert said.code == code, said
    return said.json()


def test_store_against_log_and_backups(deploy):
    city = deploy().up()
    city.ok("rules", "publish", "guiyang-2013")
    names = ("one", "two", "three")
    files = {name: write(city, f"{name}.png", png(10 + place)) for place, name in enumerate(names)}
    digests = {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()}
    proof = [word for name in names for word in ("--file", files[name])]
    city.new_key("fp", *CITY, "--department", "dept.fp", "--right", "command", "--right", "query")
    refused(city, "CARE-6524", "duty", "done", "GY-4.1", *PACK, *proof, "--on", "2014-12-30", key="carectl")
    city.ok("duty", "done", "GY-4.1", *PACK, *proof, "--on", "2014-12-30", key="fp")
    assert verify(city) == {"sound": 3, "findings": []}
    loose = write(city, "loose.png", png(20))
    unnamed = add(city, loose, key="carectl")
    assert verify(city)["findings"] == [{"problem": "unnamed", "digest": unnamed, "stream": STREAM}]

    folder = city.folder / "backup"
    city.ok("backup", "create", "--to", folder, timeout=120)
    city.ok("backup", "verify", folder)
    assert verify(city, "--data", folder)["sound"] == 4
    restored = city.folder / "restored"
    city.ok("backup", "restore", folder, "--into", restored, timeout=120)
    assert verify(city, "--data", restored)["sound"] == 4

    os.remove(stored(city, digests["one"]))
    torn = stored(city, digests["two"])
    torn.chmod(0o600)
    torn.write_bytes(torn.read_bytes()[:-1] + b"?")
    stray = stored(city, hashlib.sha256(b"stray").hexdigest())
    stray.parent.mkdir(exist_ok=True)
    stray.write_bytes(b"stray")
    found = {one["problem"]: one["digest"] for one in verify(city, code=1)["findings"]}
    assert found == {"lost": digests["one"], "damaged": digests["two"], "unnamed": unnamed, "stray": stray.name}
    out = city.folder / "out.png"
    for name, code in (("one", "CARE-6550"), ("two", "CARE-6549")):
        said = city.carectl("attachment", "get", digests[name], "--out", out, "--reveal", "x", *CITY)
        assert said.code != 0 and code in said.err and not out.exists(), said
    said = city.carectl("backup", "create", "--to", city.folder / "bad", timeout=120)
    assert said.code == 1 and "CARE-6563" in said.err, said
    # Whoever has the file puts it right: a sound one takes the place of a torn one.
    for name in ("one", "two"):
        assert add(city, files[name], key="carectl") == digests[name]
    assert {one["problem"] for one in verify(city)["findings"]} == {"unnamed", "stray"}
    # A backup of which a file is gone says so.
    os.remove(folder / "attachments" / digests["three"][:2] / digests["three"])
    said = city.carectl("backup", "verify", folder)
    assert said.code == 1 and "CARE-6242" in said.err, said


@pytest.mark.mounts
def test_a_full_disk_takes_no_file_and_keeps_room_for_the_log(deploy, small_disk):  # noqa: F811
    city = deploy(data=small_disk / "data").up()
    photo = write(city, "photo.png", png(30))
    ballast = fill(small_disk)
    with open(ballast, "ab") as file:
        file.truncate(ballast.stat().st_size - (40 << 20))
    client = city.client("care-archive", "carectl")
    request = bus.Request(
        request_id=os.urandom(16), method=bus.METHOD_PUT_ATTACHMENT, remaining_ms=4000,
        body=part(photo.read_bytes()).SerializeToString())
    socket = city.raw("care-archive")
    socket.send(bus.ClientFrame(protocol_version=1, request=request).SerializeToString())
    assert socket.poll(10_000)
    reply = bus.ServerFrame.FromString(socket.recv()).reply
    assert (reply.status, reply.code) == (bus.STATUS_UNAVAILABLE, "CARE-6547") and reply.retry_after_ms, reply
    assert client and city.is_alive("care-archive")
    os.remove(ballast)
    assert add(city, photo, key="carectl")
