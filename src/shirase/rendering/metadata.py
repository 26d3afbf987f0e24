"""What a PDF says about itself, and no more: written whole, so that it knows no clock and names no program."""

from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from shirase.domain.bilingual import Language


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What identifies a file.

    Attributes:
        identifier: The report id.
        languages: Languages of the text, that of the title first.
    """

    identifier: str
    languages: tuple[Language, ...]


_PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""
  xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:xmp="http://ns.adobe.com/xap/1.0/"
  xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
  xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"
  xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
  xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
  xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaid:part>3</pdfaid:part>
<pdfaid:conformance>A</pdfaid:conformance>
<pdfuaid:part>1</pdfuaid:part>
<dc:identifier>{identifier}</dc:identifier>
<dc:title><rdf:Alt>
<rdf:li xml:lang="x-default">{title}</rdf:li>
<rdf:li xml:lang={language}>{title}</rdf:li>
</rdf:Alt></dc:title>
<dc:creator><rdf:Seq>{authors}</rdf:Seq></dc:creator>
<dc:language><rdf:Bag>{languages}</rdf:Bag></dc:language>
<xmp:CreateDate>{created}</xmp:CreateDate>
<xmp:ModifyDate>{modified}</xmp:ModifyDate>
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 to which the file conforms</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""
"""XMP (ISO 16684-1) with both claims of conformance. The extension schema tells PDF/A what ``pdfuaid`` is (6.6.2.3)."""


def finish(facts: FileFacts, document: Any, pdf: Any) -> None:
    """Replace what WeasyPrint writes about ``document`` into ``pdf``, and list each associated file once.

    Args:
        facts: What WeasyPrint does not know.
        document: WeasyPrint's document; title, authors and dates come from it.
        pdf: The file as pydyf's objects, everything in place, nothing written yet.
    """
    stream = pdf.objects[int(pdf.catalog["Metadata"].split()[0])]
    stream.stream = [_packet(document.metadata, facts).encode()]
    stream.compress = False  # PDF/A readers that know no PDF look for the packet in the plain bytes
    for name in ("Producer", "Creator"):
        pdf.info.pop(name, None)
    if "AF" in pdf.catalog:
        pdf.catalog["AF"][:] = dict.fromkeys(pdf.catalog["AF"])
    for entry in pdf.objects:
        if b"begincmap" in getattr(entry, "stream", ()):
            entry.stream[:] = [_mapped(line) if isinstance(line, bytes) else line for line in entry.stream]


def _mapped(line: bytes) -> bytes:
    """A line of a ToUnicode CMap, in which every glyph stands for something.

    Of several glyphs that draw one letter with its marks, the first stands for the whole and WeasyPrint maps the others
    to nothing, which is no text string (ISO 32000-1, 9.10.3). They stand for a zero width space instead.
    """
    return line.replace(b"<>", b"<200b>") if line.endswith(b"> <>") else line


def _packet(metadata: Any, facts: FileFacts) -> str:
    return _PACKET.format(
        identifier=escape(facts.identifier),
        title=escape(metadata.title),
        language=quoteattr(facts.languages[0]),
        authors=_items(metadata.authors),
        languages=_items(facts.languages),
        created=escape(metadata.created),
        modified=escape(metadata.modified),
    )


def _items(texts: Any) -> str:
    return "".join(f"<rdf:li>{escape(text)}</rdf:li>" for text in texts)
