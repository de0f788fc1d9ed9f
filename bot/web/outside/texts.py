"""What the customer's pages say, in simplified and traditional Chinese and in English."""

from __future__ import annotations

from collections.abc import Mapping

LANGUAGES: Mapping[str, str] = {"zh-CN": "简体", "zh-TW": "繁體", "en": "EN"}
_ORDER = tuple(LANGUAGES)
_TABLE: Mapping[str, tuple[str, str, str]] = {
    # who it is from
    "hello": (
        "{who}，您好。我是{station}维修员{name}（单号 {number}）。",
        "{who}，您好。我是{station}維修員{name}（單號 {number}）。",
        "Hello {who}. I am {name}, technician of {station} (job {number}).",
    ),
    "hello_you": (
        "您好。我是{station}维修员{name}（单号 {number}）。",
        "您好。我是{station}維修員{name}（單號 {number}）。",
        "Hello. I am {name}, technician of {station} (job {number}).",
    ),
    "customer": ("客户", "客戶", "customer"),
    "service_desk": ("客服", "客服", "service desk"),
    "property_manager": ("物业经理", "物業經理", "property manager"),
    "which_of_them": ("请点一下您的名字。", "請點一下您的名字。", "Please tap your name."),
    "signs_as": ("{role}签字", "{role}簽字", "Signed by the {role}"),
    "them": ("本人", "本人", "them"),
    "our_station": ("服务站", "服務站", "the service station"),
    "no_id": (
        "不用注册，不会要您的身份证号或验证码。",
        "不用註冊，不會要您的身分證號或驗證碼。",
        "No registration. We never ask for your ID number or a verification code.",
    ),
    "phone": ("服务站电话", "服務站電話", "Station telephone"),
    "language": ("语言", "語言", "Language"),
    # consent
    "consent": ("维修报价", "維修報價", "Quotation"),
    "this_repair": ("本次维修", "本次維修", "This repair"),
    "total": ("合计", "合計", "Total"),
    "by_list": (
        "依据《有偿维修服务收费价格一览表》{version}",
        "依據《有償維修服務收費價格一覽表》{version}",
        "According to the price list, {version}",
    ),
    "see": ("查看", "查看", "View"),
    "prices": ("有偿维修服务收费价格一览表", "有償維修服務收費價格一覽表", "Price list of paid repairs"),
    "changed_lines": ("和您上次同意的相比", "和您上次同意的相比", "Changed since you last agreed"),
    "only_then": (
        "您同意后才开工，有改动会再问您。",
        "您同意後才開工，有改動會再問您。",
        "Work begins only when you agree. If anything changes, you are asked again.",
    ),
    "agree": ("同意，请开工", "同意，請開工", "I agree, please start"),
    "keep": ("不改，按原来的做", "不改，按原來的做", "No change, as agreed before"),
    "not_now": ("先不修", "先不修", "Not now"),
    "doubt": ("对价格有疑问", "對價格有疑問", "Question about the price"),
    "exact": ("您同意的内容（原文）", "您同意的內容（原文）", "What you agree to (original wording)"),
    "exact_signed": ("您签名的内容（原文）", "您簽名的內容（原文）", "What you sign (original wording)"),
    # signature
    "sign": ("请您签名", "請您簽名", "Please sign"),
    "mended": ("维修做完了，请您看一下：", "維修做完了，請您看一下：", "The repair is done. Please have a look:"),
    "care": (
        "今天请留意修过的地方，有问题请打 {phone}。",
        "今天請留意修過的地方，有問題請打 {phone}。",
        "Please keep an eye on it today. If anything is wrong, call {phone}.",
    ),
    "in_the_box": ("满意的话，请在框里签名。", "滿意的話，請在框裡簽名。", "If you are content, please sign in the box."),
    "sign_here": ("请用手指写您的姓名", "請用手指寫您的姓名", "Write your name with a finger"),
    "no_writing": (
        "不方便写字，画个十字，或用手指按住一秒也可以。",
        "不方便寫字，畫個十字，或用手指按住一秒也可以。",
        "A cross, or a finger held still for a second, will do as well.",
    ),
    "undo": ("退一笔", "退一筆", "Undo"),
    "clear": ("重写", "重寫", "Clear"),
    "you_are": ("您是", "您是", "You are"),
    "self": ("本人", "本人", "the tenant"),
    "family": ("家人", "家人", "family"),
    "household": ("同住", "同住", "living here"),
    "other": ("其他", "其他", "other"),
    "name": ("姓名", "姓名", "Name"),
    "done": ("签好了", "簽好了", "Signed"),
    "unhappy": ("还有不满意", "還有不滿意", "Not content yet"),
    "doubt_sum": ("金额有疑问", "金額有疑問", "Question about the amount"),
    "why": ("哪里不满意？（可以不写）", "哪裡不滿意？（可以不寫）", "What is wrong? (may be left empty)"),
    "tell": ("告诉师傅", "告訴師傅", "Tell the technician"),
    "blank": (
        "还没看到签名，请用手指在框里写您的姓名。",
        "還沒看到簽名，請用手指在框裡寫您的姓名。",
        "There is no signature yet. Please write your name in the box with a finger.",
    ),
    "who_are_you": (
        "请点一下您是谁：本人、家人、同住，或其他。",
        "請點一下您是誰：本人、家人、同住，或其他。",
        "Please tap who you are: the tenant, family, living here, or other.",
    ),
    "unread": (
        "签名没有传好，请再按一次〔签好了〕。",
        "簽名沒有傳好，請再按一次〔簽好了〕。",
        "The signature did not arrive whole. Please press “Signed” again.",
    ),
    "sending": ("正在发送…", "正在傳送…", "Sending…"),
    "offline": (
        "现在没有网络。已经记在这部手机里，有网络会自动发出，请不要关掉这一页。",
        "現在沒有網路。已經記在這部手機裡，有網路會自動送出，請不要關掉這一頁。",
        "No network. It is kept on this phone and will be sent by itself. Please leave this page open.",
    ),
    # handed over
    "hand_over": ("请把手机交给{role}", "請把手機交給{role}", "Please hand the phone to the {role}"),
    "hand_over_more": (
        "下面的内容只给{who}看，由{role}自己点、自己签。会记下时间；允许的话，也记下地点。",
        "下面的內容只給{who}看，由{role}自己點、自己簽。會記下時間；允許的話，也記下地點。",
        "What follows is for {who} alone, to tap and to sign in person. The time is recorded, and the place if allowed.",
    ),
    "begin": ("我是{role}，开始看", "我是{role}，開始看", "I am the {role}, begin"),
    "give_back": ("请把手机还给师傅。", "請把手機還給師傅。", "Please give the phone back to the technician."),
    "scan_copy": (
        "想留底，请用您自己的手机扫一扫，30 天内都能看。",
        "想留底，請用您自己的手機掃一掃，30 天內都能看。",
        "For your copy, scan this with your own phone. It stays open for 30 days.",
    ),
    # after
    "thanks": ("谢谢您", "謝謝您", "Thank you"),
    "after_consent": (
        "师傅收到了，现在开工。修完再请您看。",
        "師傅收到了，現在開工。修完再請您看。",
        "The technician has it and starts now. You will be asked to look when it is done.",
    ),
    "after_kept": (
        "好的，不改，按您原来同意的做。",
        "好的，不改，按您原來同意的做。",
        "Very well: no change, the work goes on as you agreed before.",
    ),
    "after_not_now": (
        "好的，这次先不修，不收费。以后要修，请打服务站电话。",
        "好的，這次先不修，不收費。以後要修，請打服務站電話。",
        "Very well, nothing is done and nothing is charged. Call the station when you need us.",
    ),
    "after_doubt": (
        "好的，服务站会尽快给您打电话说明，您不用等在这里。",
        "好的，服務站會盡快給您打電話說明，您不用等在這裡。",
        "Very well. The station will call you shortly to explain. There is no need to wait here.",
    ),
    "after_unhappy": (
        "对不起，师傅知道了，马上再看。修好再请您签名。",
        "對不起，師傅知道了，馬上再看。修好再請您簽名。",
        "We are sorry. The technician knows and will look again at once. You sign when it is right.",
    ),
    "after_signature": ("签名收到了。这次维修办完了。", "簽名收到了。這次維修辦完了。", "Your signature has arrived. The repair is complete."),
    "copy": ("看进度、留底", "看進度、留底", "Progress and copy"),
    # what does not open
    "gone": ("这个链接不能用了", "這個連結不能用了", "This link cannot be used"),
    "gone_more": (
        "可能已经用过，或过了时间。请让师傅再给您一个，或打服务站电话。",
        "可能已經用過，或過了時間。請讓師傅再給您一個，或打服務站電話。",
        "It may have been used, or its time is over. Please ask the technician for another, or call the station.",
    ),
    "changed": ("内容刚有改动", "內容剛有改動", "The contents have just changed"),
    "changed_more": (
        "为了让您看到最新的，这一页不能再用。点一下，师傅会给您新的。",
        "為了讓您看到最新的，這一頁不能再用。點一下，師傅會給您新的。",
        "So that you see the newest, this page cannot be used. Tap, and the technician will give you the new one.",
    ),
    "renew": ("请师傅给新的", "請師傅給新的", "Ask for the new one"),
    "renewed": ("已告诉师傅，请看他给您的新链接。", "已告訴師傅，請看他給您的新連結。", "The technician has been told. Please look at the new link."),
    "staff": ("这一页只给客户用", "這一頁只給客戶用", "This page is for the customer"),
    "staff_more": (
        "这部手机登录着员工账号，不能替客户同意或签名。请让客户用自己的手机扫码，或在单子上点〔用我的手机〕。",
        "這部手機登入著員工帳號，不能替客戶同意或簽名。請讓客戶用自己的手機掃碼，或在單子上點〔用我的手機〕。",
        "A colleague is logged in on this phone: it cannot agree or sign for the customer. Let the customer scan the code, or choose “my phone”.",
    ),
    "busy": ("现在有点忙，没有存下，请再按一次。", "現在有點忙，沒有存下，請再按一次。", "We are busy and could not save it. Please press again."),
    "too_large": (
        "内容太大，没有存下。请重写签名再试。",
        "內容太大，沒有存下。請重寫簽名再試。",
        "That is too large and was not saved. Please clear the box and sign again.",
    ),
    # progress
    "progress": ("维修进度", "維修進度", "Progress of the repair"),
    "kept_until": ("这一页保留到 {day}", "這一頁保留到 {day}", "This page stays open until {day}"),
    "booked": ("约好 {at} 上门", "約好 {at} 上門", "Appointment {at}"),
    "late_until": ("师傅要晚一点，预计 {at} 到，抱歉", "師傅要晚一點，預計 {at} 到，抱歉", "The technician is running late, expected {at}. Sorry."),
    "late": (
        "师傅要晚一点，服务站会给您打电话，抱歉",
        "師傅要晚一點，服務站會給您打電話，抱歉",
        "The technician is running late; the station will ring you. Sorry.",
    ),
    "received": ("已登记", "已登記", "Registered"),
    "accepted": ("{name}接单", "{name}接單", "Accepted by {name}"),
    "arrived": ("师傅到了", "師傅到了", "The technician arrived"),
    "finished": ("完成", "完成", "Completed"),
    "agreed_copy": ("您同意的", "您同意的", "What you agreed to"),
    "signed_copy": ("您签名的", "您簽名的", "What you signed"),
    "signature": ("签名", "簽名", "Signature"),
    "pdf": ("下载维修单（PDF）", "下載維修單（PDF）", "Download the repair form (PDF)"),
    "rate": ("这次服务怎么样？", "這次服務怎麼樣？", "How was the service?"),
    "rate_1": ("很不满意", "很不滿意", "very poor"),
    "rate_2": ("不满意", "不滿意", "poor"),
    "rate_3": ("一般", "一般", "fair"),
    "rate_4": ("满意", "滿意", "good"),
    "rate_5": ("很满意", "很滿意", "very good"),
    "rated": ("谢谢，您的评价收到了：{stars} 分。", "謝謝，您的評價收到了：{stars} 分。", "Thank you. Your rating: {stars} of 5."),
    "state_wait": ("正在安排师傅", "正在安排師傅", "A technician is being assigned"),
    "state_way": ("师傅已接单，会按时上门", "師傅已接單，會按時上門", "A technician has accepted and will come"),
    "state_nobody": (
        "师傅来过，没人应门，客服会和您另约时间",
        "師傅來過，沒人應門，客服會和您另約時間",
        "The technician found nobody in. The station will arrange another time",
    ),
    "state_work": ("正在维修", "正在維修", "The repair is under way"),
    "state_consent": ("等您同意报价", "等您同意報價", "Waiting for your consent"),
    "state_sign": ("修好了，等您签名", "修好了，等您簽名", "Done, waiting for your signature"),
    "state_area": ("片区经理在处理，会给您答复", "片區經理在處理，會給您答覆", "The area manager is dealing with it and will answer"),
    "state_done": ("已完成", "已完成", "Completed"),
    "state_off": ("这次没有修", "這次沒有修", "Not repaired this time"),
    # report
    "report": ("报修", "報修", "Report a fault"),
    "urgent_call": ("有急事请先打电话", "有急事請先打電話", "In an emergency, call first"),
    "urgent_what": (
        "跑水、漏电、燃气味、困在电梯里：先打电话，再填下面。",
        "跑水、漏電、瓦斯味、困在電梯裡：先打電話，再填下面。",
        "Flooding, electric shock, gas, trapped in a lift: call first, then fill in below.",
    ),
    "where_room": ("房号（公共的地方写在哪里）", "房號（公共的地方寫在哪裡）", "Flat number (or where in the building)"),
    "where_help": ("例如 502，或 楼道 3 层", "例如 502，或 樓道 3 層", "for example 502, or 3rd floor corridor"),
    "whose": ("坏在哪里", "壞在哪裡", "It is"),
    "at_home": ("家里", "家裡", "in a flat"),
    "in_public": ("公共的地方", "公共的地方", "in a shared space"),
    "what": ("什么坏了？", "什麼壞了？", "What is broken?"),
    "what_help": ("例如 厨房水龙头漏水", "例如 廚房水龍頭漏水", "for example: kitchen tap drips"),
    "your_phone": ("您的电话", "您的電話", "Your telephone number"),
    "your_name": ("怎么称呼您（可以不写）", "怎麼稱呼您（可以不寫）", "Your name (may be left empty)"),
    "send_report": ("报修", "報修", "Send"),
    "need_room": ("请写房号，或写在楼里的什么地方。", "請寫房號，或寫在樓裡的什麼地方。", "Please write the flat number, or where in the building."),
    "need_what": ("请写一下什么坏了。", "請寫一下什麼壞了。", "Please write what is broken."),
    "need_phone": (
        "请写一个能打通的电话，师傅来之前会联系您。",
        "請寫一個能打通的電話，師傅來之前會聯絡您。",
        "Please write a number we can reach you at before we come.",
    ),
    "reported": ("已登记，单号 {number}", "已登記，單號 {number}", "Registered, job {number}"),
    "reported_more": (
        "客服已经知道，会安排师傅。点下面看进度，那一页可以收藏。",
        "客服已經知道，會安排師傅。點下面看進度，那一頁可以收藏。",
        "The desk knows and will send a technician. Follow it below; that page can be bookmarked.",
    ),
    "reported_urgent": (
        "已经按紧急通知师傅和客服。请现在就打这个电话：",
        "已經按緊急通知師傅和客服。請現在就打這個電話：",
        "Technicians and the desk have been alerted. Please call this number now:",
    ),
    "twice": ("这件事已经登记过，单号 {number}", "這件事已經登記過，單號 {number}", "This has been registered already, job {number}"),
    "same": ("是同一件，催一下", "是同一件，催一下", "It is the same, please hurry"),
    "not_same": ("不是同一件，再报一张", "不是同一件，再報一張", "It is something else, register it too"),
    "reported_again": ("已经告诉客服，单号 {number}", "已經告訴客服，單號 {number}", "The desk has been told, job {number}"),
    "reported_again_more": (
        "这件事已经在办，不用再报。着急请打服务站电话。",
        "這件事已經在辦，不用再報。著急請打服務站電話。",
        "It is being dealt with, no need to report it again. If it is pressing, call the station.",
    ),
    "not_reported": (
        "现在没法在这里登记，请打服务站电话。",
        "現在沒法在這裡登記，請打服務站電話。",
        "It cannot be registered here now. Please call the station.",
    ),
    "too_often": (
        "这里报得太多了，请过十分钟再来，或打服务站电话。",
        "這裡報得太多了，請過十分鐘再來，或打服務站電話。",
        "Too many reports from here. Please come back in ten minutes, or call the station.",
    ),
    "no_building": ("没有找到这栋楼", "沒有找到這棟樓", "This building is not known"),
    "no_building_more": ("请打服务站电话报修。", "請打服務站電話報修。", "Please call the station to report a fault."),
    "back": ("返回", "返回", "Back"),
}


class Words:
    """The texts of one language, by name."""

    def __init__(self, language: str) -> None:
        self.language = language if language in LANGUAGES else _ORDER[0]
        self._nth = _ORDER.index(self.language)

    def __call__(self, name: str, /, **values: object) -> str:
        return _TABLE[name][self._nth].format(**values) if values else _TABLE[name][self._nth]


def chosen(asked: str, accepts: str) -> str:
    """What was tapped, else what the browser says it reads."""
    if asked in LANGUAGES:
        return asked
    for part in accepts.lower().split(","):
        tag = part.partition(";")[0].strip()
        if tag.startswith(("zh-tw", "zh-hk", "zh-hant", "zh-mo")):
            return "zh-TW"
        if tag.startswith("zh"):
            return "zh-CN"
        if tag.startswith("en"):
            return "en"
    return "zh-CN"
