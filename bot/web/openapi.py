"""/chat/openapi.json: the chat's API as the types of wire.py have it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from bot.web import wire
from bot.web.door import HEADER

Json = dict[str, Any]
_TYPES = (
    wire.SaidIn,
    wire.SaidOut,
    wire.LoginIn,
    wire.LoginOut,
    wire.FileOut,
    wire.PageOut,
    wire.MeOut,
    wire.DoneOut,
    wire.ProblemOut,
)
_PROBLEMS: Mapping[int, str] = {
    400: "unreadable, or nothing in it",
    401: "not logged in",
    403: "not from the chat's own page",
    404: "not there, or not for this person",
    409: "this id was used for another message",
    413: "too large",
    415: "not JSON",
    429: "too many wrong tries",
    503: "try again with the same id",
}


def document(server: str) -> Json:
    _, schemas = msgspec.json.schema_components(_TYPES, ref_template="#/components/schemas/{name}")
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Paojie web chat",
            "version": "1",
            "description": "One person's talk. In the demo the person is in the path: /chat/as/{person}/api instead of /chat/api.",
        },
        "servers": [{"url": server}],
        "paths": _paths(),
        "components": {
            "schemas": schemas,
            "securitySchemes": {"cookie": {"type": "apiKey", "in": "cookie", "name": "__Host-paojie", "description": "`paojie` without https"}},
        },
        "security": [{"cookie": []}],
    }


def _paths() -> Json:
    sha = _parameter("sha", "path", {"type": "string", "pattern": "^[0-9a-f]{64}$"})
    any_bytes: Json = {"*/*": {"schema": {}}}
    page = _operation("What is new; waits until something is", wire.PageOut, (400, 401), parameters=_cursors("after", "heard", "wait", "got"))
    earlier = _operation("What stands above prompt and said", wire.PageOut, (401,), parameters=_cursors("prompt", "said"))
    upload = _changing("Store a file, at most 20 MB; name it in said", wire.FileOut, (400, 401, 403, 413, 503), any_bytes)
    file = _operation("A file this person sent or was shown", None, (401, 404), parameters=[sha, *_cursors("paper")])
    return {
        "/chat/api/login": {
            "post": _changing("Begin; sets the cookie", wire.LoginOut, (400, 401, 403, 413, 415, 429, 503), _body(wire.LoginIn)) | {"security": []}
        },
        "/chat/api/logout": {"post": _changing("Revoke the cookie", wire.DoneOut, (403, 503))},
        "/chat/api/me": {"get": _operation("Who is logged in", wire.MeOut, (401,))},
        "/chat/api/enter": {"post": _changing("The chat was opened for the first time", wire.SaidOut, (401, 403, 503))},
        "/chat/api/said": {
            "post": _changing("Say or tap; answered after COMMIT", wire.SaidOut, (400, 401, 403, 409, 413, 415, 503), _body(wire.SaidIn))
        },
        "/chat/api/prompts": {"get": page},
        "/chat/api/earlier": {"get": earlier},
        "/chat/api/blobs": {"post": upload},
        "/chat/api/blobs/{sha}": {"get": file},
    }


def _operation(summary: str, answer: type[Any] | None, problems: Sequence[int], **more: Any) -> Json:
    good = _body(answer)["content"] if answer else {"*/*": {"schema": {}}}
    told = {str(status): {"description": _PROBLEMS[status]} | {"content": _body(wire.ProblemOut)["content"]} for status in problems}
    return {"summary": summary, "responses": {"200": {"description": "done", "content": good}, **told}, **more}


def _changing(summary: str, answer: type[Any], problems: Sequence[int], content: Json | None = None) -> Json:
    """A change without a body, or with a form's kind of body, needs the header that only our own page can set."""
    body = {"requestBody": content if content and "content" in content else {"required": True, "content": content}} if content else {}
    return _operation(summary, answer, problems, parameters=[_parameter(HEADER, "header", {"const": "1"})], **body)


def _body(kind: type[Any]) -> Json:
    return {"required": True, "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{kind.__name__}"}}}}


def _cursors(*names: str) -> list[Json]:
    kinds = {"got": {"type": "string", "description": "ids of prompts that arrived, with commas"}}
    return [_parameter(name, "query", kinds.get(name, {"type": "integer", "minimum": 0, "default": 0})) for name in names]


def _parameter(name: str, where: str, schema: Json) -> Json:
    return {"name": name, "in": where, "required": where == "path", "schema": schema}
