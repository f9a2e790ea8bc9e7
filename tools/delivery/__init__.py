"""Letters to people, through Apprise: once to each place, whatever happens on the way.

places    what the setting names, each recipient a place of its own
deliver   hands a letter over; what went out before is not sent again
"""

from tools.delivery.addresses import Place, places
from tools.delivery.posting import deliver

__all__ = ["Place", "deliver", "places"]
