from __future__ import annotations
from datetime import timedelta
import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session
from inquiry_service.clock import now
from inquiry_service.domain.vocabulary import *
from inquiry_service.errors import EvenhandError, Refused
from inquiry_service.models.literature import LiteratureRecord
from inquiry_service.models.literature_holdings import FullText, LiteratureRight, ListedNotice
from inquiry_service.services import literature_merge, literature_full_text, literature_rights, literature_standing
from inquiry_service.services import literature_imports as imports, literature_import_work as work_mod
from inquiry_service.services.blobs import BlobStore
from inquiry_service.db import transaction
from inquiry_service.store import literature_holdings
from tests import factories
from tests.services.library import held, parsed
from tests.services.import_desk import Desk, COLUMNS
TITLE = "Sumatriptan nasal spray in adolescent migraine: a randomised trial"

@pytest.fixture
def lib(session): return factories.actor(session, Role.CONTENT_OWNER)

def test_p1(session, lib):
    a, b, c, d = [held(session, parsed(TITLE, pages=str(n))) for n in range(4)]
    m = literature_merge.merge
    m(session, lib, b.id, a.id, {}, "x"); m(session, lib, c.id, b.id, {}, "x"); last = m(session, lib, d.id, c.id, {}, "x")
    assert a.merged_into == d.id
    literature_merge.undo(session, lib, last.id, "y")
    assert (b.merged_into, a.merged_into) == (c.id, c.id)

def test_p2(session, lib):
    kept, gone = held(session, parsed(TITLE, pmid="7")), held(session, parsed(TITLE, doi="10.1000/a"))
    row = literature_merge.merge(session, lib, kept.id, gone.id, {"doi": "kept"}, "x")
    kept.doi = "10.1000/a"; session.flush()
    with pytest.raises(Refused): literature_merge.undo(session, lib, row.id, "y")

def test_p3(session, lib):
    kept, gone = held(session, parsed(TITLE, doi="10.1000/k")), held(session, parsed(TITLE, doi="10.1000/a"))
    row = literature_merge.merge(session, lib, kept.id, gone.id, {"doi": "gone"}, "x")
    held(session, parsed("Quite another thing about coughs in horses", doi="10.1000/k"))
    with pytest.raises(Refused): literature_merge.undo(session, lib, row.id, "y")

def test_p4(session, lib, tmp_path):
    kept, gone = held(session, parsed(TITLE, doi="10.1000/k")), held(session, parsed(TITLE, pmid="3"))
    row = literature_merge.merge(session, lib, kept.id, gone.id, {}, "x")
    with pytest.raises(Refused): literature_full_text.attach(session, lib, BlobStore(tmp_path), gone.id, "a.txt", b"Some text of an article here")

def test_p4b(session, lib):
    kept, gone = held(session, parsed(TITLE, doi="10.1000/k")), held(session, parsed(TITLE, pmid="3"))
    literature_merge.merge(session, lib, kept.id, gone.id, {}, "x")
    with pytest.raises(Refused): literature_rights.record(session, lib, gone.id, literature_rights.RightData(RightKind.OWN_WORK, RightScope.SEND_TO_ANYONE, proof="p"))
def test_p4c(session, lib):
    kept, gone = held(session, parsed(TITLE, doi="10.1000/k")), held(session, parsed(TITLE, pmid="3"))
    literature_merge.merge(session, lib, kept.id, gone.id, {}, "x")
    with pytest.raises(Refused): literature_standing.decide(session, lib, gone.id, RecordStatus.RETRACTED, "r", gone.version)

def test_p9(session, lib):
    kept, gone = held(session, parsed(TITLE, doi="10.1000/k")), held(session, parsed(TITLE, doi="10.1000/a"))
    literature_merge.merge(session, lib, kept.id, gone.id, {"doi": "kept"}, "x")
    session.add(ListedNotice(list_name="RW", list_sha256="0"*64, entry="1", status=RecordStatus.RETRACTED, nature="Retraction", doi="10.1000/a", added_at=now()))
    session.flush()
    assert literature_standing.check_cited(session, lib, [gone.id])
    assert kept.status is RecordStatus.RETRACTED

def test_p11(session, lib):
    kept = held(session, parsed(TITLE, doi="10.1000/k"))
    right = literature_rights.record(session, lib, kept.id, literature_rights.RightData(RightKind.PURCHASED_REPRINTS, RightScope.SEND_TO_ANYONE, proof="p", copies=5))
    literature_rights.may_send(session, kept.id, RightScope.SEND_TO_ANYONE, now().date())
    session.execute(update(LiteratureRight).values(copies_used=5).execution_options(synchronize_session=False))
    with pytest.raises(Refused): literature_rights.use_copy(session, lib, right.id, RightScope.SEND_TO_ANYONE)

def table(n):
    return ("pmid,title,other,year\n" + "".join(f"{n0},The title {n0} of it,Another {n0} heading,2001\n" for n0 in range(1, n+1))).encode()

def test_p5(engine, tmp_path, session):
    desk = Desk(engine, tmp_path)
    m1 = {"title": "title", "year": "date"}; m2 = {"other": "title", "year": "date"}
    run_id = desk.handed_in(table(5), "t.csv", mapping=m1)
    work = desk.work(run_id)
    from inquiry_service.bibliography import formats
    from contextlib import contextmanager
    def changing():
        @contextmanager
        def o():
            with desk.blobs.open(desk.run(run_id).file_sha256) as s:
                with transaction(desk.factory) as own:
                    from tests.services.literature_files import LIBRARIAN
                    imports.set_mapping(own, LIBRARIAN, run_id, formats.inspect(s, "t.csv").table, m2)
                s.seek(0)
                yield s
        return o
    from dataclasses import replace
    pace = work_mod.check(replace(work, opened=changing()))
    print(pace)
    print(desk.run(run_id).state, desk.run(run_id).mapping, desk.run(run_id).total)
    with desk.factory() as s:
        from inquiry_service.store import literature_imports as st
        titles = [i.title for i in st.items(s, run_id)]
    assert all(t.startswith("Another") for t in titles), titles

BAD = """TY  - JOUR
TI  - Nul \x00 in the title of this record
AU  - A\x00b, C
AB  - surrogate \x00 abs
PY  - 99999999999999
PMID- 1
SP  - 1
DO  - 10.1000/%s
ER  -

TY  - JOUR
TI  - %s
AU  - %s
PY  - 2001
LA  - %s
AN  - 123456789012345678901234567890
JO  - %s
C2  - PMC99999999999999999999999999
KW  - %s
ER  -

TY  - JOUR
TI  - A sound record about the treatment of migraine
PY  - 2001
ER  -
""" % ("x"*400, "Long "*30000, "Verylong"*100 + ", A", "y"*300, "J"*5000, "k"*3000)
def test_p6(engine, tmp_path, session):
    desk = Desk(engine, tmp_path)
    run = desk.carried_out(desk.confirmed(BAD.encode(), "é"*180 + "\x00.ris"))
    with desk.factory() as s:
        from inquiry_service.store import literature_imports as st
        for i in st.items(s, run.id): print(i.outcome, i.reason[:300])
    print(run.read, run.created, run.rejected)
    assert run.read == 3
