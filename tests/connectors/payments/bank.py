"""Bank files as banks write them, in the three versions that are about."""

from __future__ import annotations

from dataclasses import dataclass
from xml.sax.saxutils import escape

VERSIONS = ("02", "04", "08")
ACCOUNT = "CH5604835012345678009"


@dataclass
class Part:
    """A payment inside of a booking."""

    amount: str
    reference: str = ""
    text: str = ""
    payer: str = "Beispiel AG"
    number: str = ""
    currency: str = "EUR"


def booking(*parts: Part, amount: str = "", number: str = "", version: str = "08", **changes: str) -> str:
    """An entry (Ntry) of these payments."""
    given = {"direction": "CRDT", "status": "BOOK", "day": "2026-03-30", "extra": "", **changes}
    sum_of_all = amount or str(sum(float(part.amount) for part in parts))
    status = f"<Cd>{given['status']}</Cd>" if version == "08" else given["status"]
    own = f"<AcctSvcrRef>{number}</AcctSvcrRef>" if number else ""
    details = "".join(_details(part, version) for part in parts)
    return (
        f'<Ntry><Amt Ccy="EUR">{sum_of_all}</Amt><CdtDbtInd>{given["direction"]}</CdtDbtInd>{given["extra"]}'
        f"<Sts>{status}</Sts><BookgDt><Dt>{given['day']}</Dt></BookgDt><ValDt><Dt>2026-03-31</Dt></ValDt>{own}"
        f"<NtryDtls>{details}</NtryDtls></Ntry>"
    )


def _details(part: Part, version: str) -> str:
    name = f"<Nm>{escape(part.payer)}</Nm>"
    party = f"<Pty>{name}</Pty>" if version == "08" else name
    money = f'<Amt Ccy="{part.currency}">{part.amount}</Amt>'
    amount = f"<AmtDtls><TxAmt>{money}</TxAmt></AmtDtls>" if version == "02" else money
    number = f"<AcctSvcrRef>{part.number}</AcctSvcrRef>" if part.number else ""
    reference = f"<Strd><CdtrRefInf><Ref>{part.reference}</Ref></CdtrRefInf></Strd>" if part.reference else ""
    text = f"<Ustrd>{escape(part.text)}</Ustrd>" if part.text else ""
    return (
        f"<TxDtls><Refs>{number}<EndToEndId>NOTPROVIDED</EndToEndId></Refs>{amount}"
        f"<RltdPties><Dbtr>{party}</Dbtr></RltdPties><RmtInf>{text}{reference}</RmtInf></TxDtls>"
    )


def camt(*bookings: str, kind: str = "054", version: str = "08", account: str = ACCOUNT) -> bytes:
    """A whole file."""
    outer, inner = ("BkToCstmrDbtCdtNtfctn", "Ntfctn") if kind == "054" else ("BkToCstmrStmt", "Stmt")
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.{kind}.001.{version}"><{outer}>'
        f"<GrpHdr><MsgId>1</MsgId></GrpHdr><{inner}><Acct><Id><IBAN>{account}</IBAN></Id></Acct>"
        f"{''.join(bookings)}</{inner}></{outer}></Document>"
    ).encode()
