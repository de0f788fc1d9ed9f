"""A person's desk over repairs, all parts of it (C-2 to C-6)."""

from __future__ import annotations

from conversations.repairs import dispatch, intake
from conversations.repairs.job import Job
from storage.repairs.conduct import Conduct
from storage.repairs.customer import CustomersPart
from storage.repairs.grievances import Grievances
from storage.repairs.posters import Posters
from storage.repairs.pricing import Pricing
from storage.repairs.things import Things


class RepairsDesk(Posters, Grievances, Conduct, Pricing, Things, CustomersPart):
    """What conversations/desks/repairs.py and conversations/desks/stations.py promise."""

    def still_open(self, key: str, phone: str, what: str) -> Job | None:
        here = self.spot(key)
        return dispatch.similar(self, intake.call(here, what, phone=phone, shouted=())) if here is not None else None
