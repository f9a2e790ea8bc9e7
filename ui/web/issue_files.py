"""Where the files of an issue are fetched from: a few formats of issues that are kept, and nothing else."""

import re
from collections.abc import Awaitable, Callable

from fastapi import FastAPI, Response
from fastapi.responses import FileResponse, PlainTextResponse

from core.desk import Desk
from core.errors import Skip, ZhengduError
from ui.web.issue import FILES

_KEY = re.compile("[0-9a-f]{16}")
"""Of an issue, as the desk makes them."""


def routes(app: FastAPI, ready: Callable[[], Awaitable[Desk]]) -> None:
    """Adds the route. The guard stands before it, as before all."""

    @app.get("/issues/{key}/{format}")
    async def printed(key: str, format: str) -> Response:
        wanted = next((file for file in FILES if file.format == format), None)
        if wanted is None or not _KEY.fullmatch(key):
            return Response(status_code=404)
        try:
            paths = await (await ready()).print(key, (format,))
        except Skip as error:
            return PlainTextResponse(str(error), status_code=404)
        except ZhengduError as error:
            return PlainTextResponse(str(error), status_code=503)
        path = next((path for path in paths if path.name == wanted.name), None)
        if path is None or not path.is_file():
            return Response(status_code=404)
        headers = {"Cache-Control": "private, no-store"}
        name = f"{path.parent.name}{path.suffix}"
        return FileResponse(path, media_type=wanted.media_type, filename=name, headers=headers)
