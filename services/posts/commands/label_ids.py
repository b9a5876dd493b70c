"""Labels by their names: made when they are new, held while a unit of work counts them."""

from collections.abc import Collection, Mapping

from sqlalchemy import select

from services.common.database import Writes
from services.common.ids import IdSource
from services.common.upsert import insert_missing
from services.posts.commands.name_words import store_name_words
from services.posts.domain.indexed import label_marker
from services.posts.tables import labels


async def ids_of_labels(writes: Writes, wanted: Collection[str], ids: IdSource) -> Mapping[str, int]:
    """The id of each name. Rows are locked in the order of ids, because they will be counted; nobody deletes one, as
    the blog is held.
    """
    names = sorted(set(wanted))
    if not names:
        return {}
    fresh = {name: ids() for name in names}
    rows = [{"id": label_id, "name": name, "live_count": 0} for name, label_id in fresh.items()]
    new = await insert_missing(writes, labels, rows, on="name")
    await store_name_words(writes, {label_marker(fresh[name]): name for name in new})
    held = select(labels.c.name, labels.c.id).where(labels.c.name.in_(names)).order_by(labels.c.id)
    return {row.name: row.id for row in await writes.execute(held.with_for_update(key_share=True))}
