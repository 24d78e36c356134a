"""What the sidecars of programs say, and that no bytes in one of them can hurt."""

from __future__ import annotations

import json
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.caption import NO_CAPTION, Caption, merge
from indexer.captioning import read_caption, read_captions
from retrieval.catalog.records import FoundFile
from retrieval.errors import UnreadableMedia
from retrieval.sidecars import MOST_BYTES

XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
    xmlns:exif="http://ns.adobe.com/exif/1.0/"
    xmlns:lr="http://ns.adobe.com/lightroom/1.0/"
    xmlns:digiKam="http://www.digikam.org/ns/1.0/"
    xmlns:Iptc4xmpCore="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/"
    xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
    xmlns:mwg-rs="http://www.metadataworkinggroup.com/schemas/regions/"
    xmlns:stArea="http://ns.adobe.com/xmp/sType/Area#"
    xmp:Rating="4" photoshop:City="Tübingen" photoshop:Country="Germany"
    exif:GPSLatitude="48,31.5N" exif:GPSLongitude="9,3,36W"
    exif:DateTimeOriginal="2019-07-06T05:04:03.21+02:00">
   {more}
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""
MORE = """
   <dc:title><rdf:Alt><rdf:li xml:lang="x-default">The regatta</rdf:li></rdf:Alt></dc:title>
   <dc:description>
     <rdf:Alt><rdf:li xml:lang="en">Boats &amp; people
       on the Neckar</rdf:li><rdf:li xml:lang="zh">内卡河上的船</rdf:li></rdf:Alt>
   </dc:description>
   <dc:subject><rdf:Bag><rdf:li>boat</rdf:li><rdf:li>river</rdf:li></rdf:Bag></dc:subject>
   <lr:hierarchicalSubject>
     <rdf:Bag><rdf:li>sport|rowing</rdf:li></rdf:Bag></lr:hierarchicalSubject>
   <digiKam:TagsList><rdf:Seq><rdf:li>people/Ann</rdf:li></rdf:Seq></digiKam:TagsList>
   <photoshop:Headline>Summer</photoshop:Headline>
   <Iptc4xmpCore:Location>Neckar island</Iptc4xmpCore:Location>
   <Iptc4xmpExt:PersonInImage><rdf:Bag><rdf:li>Chen</rdf:li></rdf:Bag></Iptc4xmpExt:PersonInImage>
   <mwg-rs:Regions rdf:parseType="Resource"><mwg-rs:RegionList><rdf:Bag>
     <rdf:li><rdf:Description mwg-rs:Name="Ann Example" mwg-rs:Type="Face">
       <mwg-rs:Area stArea:x="0.5" stArea:unit="normalized"/></rdf:Description></rdf:li>
     <rdf:li rdf:parseType="Resource"><mwg-rs:Name>Bob</mwg-rs:Name></rdf:li>
   </rdf:Bag></mwg-rs:RegionList></mwg-rs:Regions>
"""
TAKEOUT = {
    "title": "IMG_20200920_131207.jpg",
    "description": "Grandmother\nin her garden",
    "imageViews": "17",
    "creationTime": {"timestamp": "1600600000", "formatted": "20 Sept 2020"},
    "photoTakenTime": {"timestamp": "1600600327", "formatted": "20 Sept 2020, 11:12:07 UTC"},
    "geoData": {"latitude": 48.5216, "longitude": -9.0576, "altitude": 341.0},
    "geoDataExif": {"latitude": 1.0, "longitude": 1.0},
    "people": [{"name": "Ann Example"}, {"name": "陈"}],
    "url": "https://photos.google.com/photo/AF1Qip",
    "googlePhotosOrigin": {"mobileUpload": {"deviceType": "ANDROID_PHONE"}},
}


def read(folder: Path, name: str, said: object) -> Caption:
    file = folder / name
    data = said if isinstance(said, (str, bytes)) else json.dumps(said)
    file.write_bytes(data.encode() if isinstance(data, str) else data)
    return read_caption(file)


def test_what_programs_write_in_xmp(tmp_path: Path) -> None:
    caption = read(tmp_path, "a.xmp", XMP.replace("{more}", MORE))
    assert caption.lines == (
        "The regatta",
        "Summer",
        "Boats & people",
        "on the Neckar",
        "内卡河上的船",
        "boat, river, sport, rowing, people, Ann",
        "Ann Example, Bob, Chen",
        "Neckar island, Tübingen, Germany",
    )
    assert caption.taken_at == datetime(2019, 7, 6, 5, 4, 3)
    assert (caption.latitude, caption.longitude) == (48.525, -9.06)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be"])
def test_xmp_in_any_encoding_it_may_have(tmp_path: Path, encoding: str) -> None:
    mark = "\ufeff" if encoding == "utf-16-be" else ""
    caption = read(tmp_path, "a.xmp", (mark + XMP.replace("{more}", "")).encode(encoding))
    assert caption.lines == ("Tübingen, Germany",)


def test_what_takeout_writes(tmp_path: Path) -> None:
    caption = read(tmp_path, "a.jpg.supplemental-metadata.json", TAKEOUT)
    assert caption.lines == ("Grandmother", "in her garden", "Ann Example, 陈")
    taken = datetime.fromtimestamp(1600600327)
    assert caption == Caption(caption.lines, taken, 48.5216, -9.0576)


@pytest.mark.parametrize(
    ("said", "lines"),
    [
        ({"caption": "a dog", "url": "https://x", "key": "0001", "status": "success"}, ("a dog",)),
        ({"Title": "A walk", "TAGS": ["dog", "sea"], "id": 7}, ("A walk", "dog, sea")),
        ({"title": "The same", "description": "The same"}, ("The same",)),
        ({"image": {"alt": "a cat", "size": {"text": "too deep"}}}, ("a cat",)),
        ({"keywords": "one, two", "subject": ["three"]}, ("one, two", "three")),
        ({"people": ["Ann", {"name": "Bob", "id": 3}, 4, None]}, ("Ann, Bob",)),
        ({"name": "nobody", "tags": {"name": "nobody"}}, ()),
        ({"title": "IMG_1.HEIC", "description": ""}, ()),
        ({"title": "IMG_1", "photoTakenTime": {}}, ()),
        ({"caption": "\ud83d\ude00 \ud800 end\u0000ed"}, ("😀 \N{REPLACEMENT CHARACTER} end ed",)),
        (["caption"], ()),
        ("[1, 2]", ()),
        ("null", ()),
        ("3e999", ()),
    ],
)
def test_what_other_programs_write_in_json(
    tmp_path: Path, said: object, lines: tuple[str, ...]
) -> None:
    assert read(tmp_path, "a.json", said) == Caption(lines)


@pytest.mark.parametrize(
    "place",
    [
        {"latitude": 0.0, "longitude": 0.0},
        {"latitude": 91, "longitude": 1},
        {"latitude": "48", "longitude": "9"},
        {"latitude": 48},
        {"latitude": float("nan"), "longitude": 9},
        {"latitude": 10**400, "longitude": 9},
        [48, 9],
    ],
)
def test_a_place_that_is_none_is_left_out(tmp_path: Path, place: object) -> None:
    assert read(tmp_path, "a.json", {"geoData": place}) == NO_CAPTION


@pytest.mark.parametrize("seconds", ["", "soon", "9" * 30, "-9" * 9, None, 1e300, [1], {}])
def test_a_date_that_is_none_is_left_out(tmp_path: Path, seconds: object) -> None:
    assert read(tmp_path, "a.json", {"photoTakenTime": {"timestamp": seconds}}) == NO_CAPTION


@pytest.mark.parametrize(
    "data", ["Ein Straßenfest.".encode("cp1252"), "Ein Straßenfest.\r\n".encode("utf-16")]
)
def test_a_text_in_any_encoding(tmp_path: Path, data: bytes) -> None:
    assert read(tmp_path, "a.TXT", data).lines == ("Ein Straßenfest.",)


def test_an_empty_sidecar_says_nothing(tmp_path: Path) -> None:
    assert read(tmp_path, "a.txt", " \n\t") == NO_CAPTION


SWELLING = "".join(f"<!ENTITY {b} '{f'&{a};' * 10}'>" for a, b in pairwise("abcdefghi"))
BOMB = f"<!DOCTYPE x [<!ENTITY a 'ha'>{SWELLING}]>"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.xmp", b""),
        ("a.xmp", b"\xff\xd8\xff"),
        ("a.xmp", b"<a>" * 100_000),
        ("a.json", b""),
        ("a.json", b"[" * 100_000),
        ("a.json", b'{"caption":' * 10_000),
        ("a.json", b"9" * 100_000),
        ("a.txt", bytes(100)),
        ("a.txt", b"x" * (MOST_BYTES + 1)),
    ],
)
def test_a_damaged_sidecar_is_refused_with_a_reason(tmp_path: Path, name: str, data: bytes) -> None:
    with pytest.raises(UnreadableMedia, match=rf"{name}: \w"):
        read(tmp_path, name, data)


@pytest.mark.parametrize(
    ("prologue", "said"),
    [
        (BOMB, "&i;"),
        ("<!DOCTYPE x [<!ENTITY i SYSTEM 'file:///etc/passwd'>]>", "&i;"),
        ("<!DOCTYPE x SYSTEM 'http://127.0.0.1:9/x.dtd'>", ""),
    ],
)
def test_xmp_reaches_nothing_and_swells_nothing(tmp_path: Path, prologue: str, said: str) -> None:
    noted = f"<dc:title>before {said}</dc:title>"
    text = XMP.replace("<x:xmpmeta", f"{prologue}<x:xmpmeta", 1).replace("{more}", noted)
    try:
        caption = read(tmp_path, "a.xmp", text)
    except UnreadableMedia:
        return
    assert caption.lines[0].startswith("before") and len(caption.text) < 100
    assert "root:" not in caption.text


XML = st.text(st.sampled_from("<>/&;:='\" \n!?[]-dcrdfli xmlns")) | st.sampled_from(
    [MORE, BOMB, "<dc:subject>", "</dc:subject>", "<rdf:li>", "</rdf:li>", "&i;", "\0", "<![CDATA["]
)
NOTES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["title", "Tags", "people", "name", "geoData", "latitude", "longitude"])
            | st.sampled_from(["photoTakenTime", "timestamp", "caption"])
            | st.text(max_size=3),
            inner,
            max_size=5,
        )
    ),
    max_leaves=30,
)


@settings(max_examples=150)
@given(
    name=st.sampled_from(["a.txt", "a.json", "a.xmp"]),
    data=st.binary(max_size=300)
    | st.lists(XML).map(lambda parts: XMP.replace("{more}", "".join(parts)).encode())
    | NOTES.map(lambda notes: json.dumps(notes).encode()),
)
def test_whatever_the_bytes_it_is_a_caption_or_no_readable_file(
    tmp_path_factory: pytest.TempPathFactory, name: str, data: bytes
) -> None:
    file = tmp_path_factory.mktemp("any") / name
    file.write_bytes(data)
    found = FoundFile(name, len(data), 0)
    caption, unread = read_captions(file.parent, [found])
    assert [one.sidecar for one in unread] in ([], [found])
    caption.text.encode()
    assert all(line.strip() == line != "" and "\n" not in line for line in caption.lines)
    assert (caption.latitude is None) == (caption.longitude is None)
    assert caption.marked_on("0" * 64) == merge([caption]).marked_on("0" * 64)


def test_several_sidecars_are_one_caption() -> None:
    first = Caption(("a", "b"), None, 1.0, 2.0)
    second = Caption(("b", "c"), datetime(2020, 1, 1), 3.0, 4.0)
    assert merge([first, second]) == Caption(("a", "b", "c"), datetime(2020, 1, 1), 1.0, 2.0)
    assert merge([]) == NO_CAPTION


def test_an_identity_tells_captions_apart_and_is_that_of_the_bytes_without_one() -> None:
    digest = "0" * 64
    told = [NO_CAPTION, Caption(("a",)), Caption(("a", "b")), Caption(("a",), datetime(2020, 1, 1))]
    marked = [caption.marked_on(digest) for caption in told]
    assert marked[0] == digest and len(set(marked)) == len(told)
    assert {len(one) for one in marked[1:]} == {64 + 1 + 16}
