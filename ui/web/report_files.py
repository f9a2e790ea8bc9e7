"""Where the files of reports are fetched from: exports of reports that are kept, and nothing else."""

from collections.abc import Awaitable, Callable

from fastapi import FastAPI, Response
from fastapi.responses import FileResponse, PlainTextResponse

from core.desk import Desk
from core.errors import Skip, ZhengduError
from ui.web import report_asked
from ui.web.report_view import FORMATS, file_name

ROUTE = "/reports/{id}/{version}.{kind}"
_TYPES = {
    "md": "text/markdown; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def routes(app: FastAPI, ready: Callable[[], Awaitable[Desk]]) -> None:
    """Adds the route. The guard stands before it, as before all."""

    @app.get(ROUTE)
    async def export(id: str, version: str, kind: str) -> Response:
        number = report_asked.version(version)
        if not report_asked.is_id(id) or number is None or kind not in FORMATS:
            return Response(status_code=404)
        try:
            desk = await ready()
            report = desk.report(id, number)
            path = await desk.export(id, number, kind) if report else None
        except Skip as error:
            return PlainTextResponse(str(error), status_code=404)
        except ZhengduError as error:
            return PlainTextResponse(str(error), status_code=503)
        if report is None or path is None or path.suffix != f".{kind}" or not path.is_file():
            return Response(status_code=404)
        headers = {"Cache-Control": "private, no-store"}
        return FileResponse(path, media_type=_TYPES[kind], filename=f"{file_name(report)}.{kind}", headers=headers)
