"""The reference: python-telegram-bot's ConversationHandler with the same seven updates, from bytes to the captured request."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from telegram import Update
from telegram.ext import Application, CommandHandler, ContextTypes, ConversationHandler, MessageHandler, PicklePersistence, filters
from telegram.request import BaseRequest, RequestData

QUESTIONS = ("拜访了哪家客户？", "见了谁？什么职务？", "谈了什么？", "客户有什么需求？", "请拍现场照片（门头、名片、样刊）", "对吗？")
VISIT = ("/start", "华东", "王经理", "谈续约", "无", "无", "好")
_END = ConversationHandler.END
_ME = b'{"ok":true,"result":{"id":1,"is_bot":true,"first_name":"bench","username":"bench_bot"}}'
_SENT = b'{"ok":true,"result":{"message_id":1042,"date":1700000000,"chat":{"id":11,"type":"private"},"text":"x"}}'

Context = ContextTypes.DEFAULT_TYPE


class Captured(BaseRequest):
    """The library's own seam in front of its HTTP client: the request's bytes are made, not sent."""

    def __init__(self) -> None:
        self.requests = self.size = 0

    @property
    def read_timeout(self) -> float | None:
        return None

    async def initialize(self) -> None: ...

    async def shutdown(self) -> None: ...

    async def do_request(self, url: str, method: str, request_data: RequestData | None = None, *_: Any, **__: Any) -> tuple[int, bytes]:
        if url.endswith("/getMe"):
            return 200, _ME
        self.size += len(request_data.json_payload) if request_data else 0
        self.requests += 1
        return 200, _SENT


async def _start(update: Update, context: Context) -> int:
    await update.effective_message.reply_text(QUESTIONS[0])  # type: ignore[union-attr]
    return 0


def _answer(nth: int) -> Any:
    async def answer(update: Update, context: Context) -> int:
        context.user_data[nth] = update.effective_message.text  # type: ignore[index,union-attr]
        if nth + 1 < len(QUESTIONS):
            await update.effective_message.reply_text(QUESTIONS[nth + 1])  # type: ignore[union-attr]
            return nth + 1
        context.user_data.clear()  # type: ignore[union-attr]
        await update.effective_message.reply_text("已存。")  # type: ignore[union-attr]
        return _END

    return answer


async def application(request: Captured, pickle: Path | None = None) -> tuple[Any, Any]:
    """The application and its conversation, with or without persistence."""
    persistence = PicklePersistence(pickle) if pickle else None
    builder = Application.builder().token("1:benchmark").request(request).get_updates_request(Captured()).updater(None).job_queue(None)
    app = (builder.persistence(persistence) if persistence else builder).build()
    states: Any = {n: [MessageHandler(filters.TEXT & ~filters.COMMAND, _answer(n))] for n in range(len(QUESTIONS))}
    form = ConversationHandler([CommandHandler("start", _start)], states, [], name="visit", persistent=bool(pickle))
    app.add_handler(form)
    await app.initialize()
    return app, form


def update(number: int, chat: int, text: str) -> bytes:
    who = {"id": chat, "is_bot": False, "first_name": "A", "language_code": "zh-hans"}
    where = {"id": chat, "first_name": "A", "type": "private"}
    message: dict[str, Any] = {"message_id": number, "from": who, "chat": where, "date": 1_700_000_000, "text": text}
    if text.startswith("/"):
        message["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text)}]
    return json.dumps({"update_id": number, "message": message}).encode()


async def step(app: Any, body: bytes) -> None:
    await app.process_update(Update.de_json(json.loads(body), app.bot))
