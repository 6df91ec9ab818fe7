"""What every search adapter must do. A test module per adapter derives from the class and gives the index.

class TestMyAdapter(SearchContract):
    @pytest.fixture
    def index(self) -> Iterator[SearchIndex]: ...
"""

from __future__ import annotations

from tests.search.contract_changing import Changing
from tests.search.contract_finding import Finding
from tests.search.contract_narrowing import Narrowing
from tests.search.contract_telling import Telling


class SearchContract(Finding, Narrowing, Telling, Changing):
    """The whole contract."""
