// Times as people read them, in the firm's zone; `clock.offset` is the demo's distance from the phone's own clock.

export const clock = { zone: "Asia/Shanghai", offset: 0 };

const parts = (options) => new Intl.DateTimeFormat("zh-CN", { timeZone: clock.zone, hourCycle: "h23", ...options });

export const now = () => new Date(Date.now() + clock.offset);
export const dayOf = (date) => new Intl.DateTimeFormat("sv-SE", { timeZone: clock.zone }).format(date);
export const hour = (date) => parts({ hour: "2-digit", minute: "2-digit" }).format(date);
export const longDay = (date) => parts({ month: "long", day: "numeric", weekday: "short" }).format(date);

export function dayName(date) {
  const day = dayOf(date);
  if (day === dayOf(now())) return "今天";
  if (day === dayOf(new Date(now().getTime() - 86_400_000))) return "昨天";
  return day.slice(0, 4) === dayOf(now()).slice(0, 4) ? longDay(date) : `${day.slice(0, 4)}年${longDay(date)}`;
}
