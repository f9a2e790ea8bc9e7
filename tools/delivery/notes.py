"""Why a letter did not go out and what to do, in Chinese; from numbers only, because services like to repeat secrets in
their words."""

from tools.delivery.addresses import CHATS, MAIL, SETTING
from tools.delivery.wire import Trace

DOUBT = "上次发到一半断了，对方可能已经收到，不再自动重发；先去看一眼，没收到就加 --again 再发"
UNANSWERED = "信已经交出去，对方没有回话，可能收到也可能没收到，不再自动重发；先去看一眼，没收到就加 --again 再发"
PARTLY = "有几个接收方，至少一个没有成功，不再自动重发；先去看一眼，没收到就加 --again 再发"
STILL = "还在发，程序退出也不影响；过几分钟再运行一次这条命令看结果"
NOT_STARTED = "发送进程没有启动起来，什么也没有发出去；再运行一次这条命令"
UNKNOWN = f"Apprise 打不开这个地址，什么也没有发出去；检查 {SETTING}"
_AGAIN = "，下次运行会再试"

_ROBOTS = {
    ("dingtalk", 310000): "安全设置不符：关键词填“证读”，或填对加签密钥、IP",
    ("dingtalk", 300001): "机器人的 access_token 不对",
    ("dingtalk", 130101): "发得太频繁，被限流",
    ("wecombot", 93000): "机器人的 key 不对，或机器人已被删除",
    ("wecombot", 45009): "发得太频繁，被限流",
    ("wecombot", 40058): "内容不合规定，多半是太长",
    ("feishu", 19001): "机器人的地址不对",
    ("feishu", 19021): "没有通过签名校验：Apprise 不会加签，请在机器人的安全设置里改用关键词“证读”",
    ("feishu", 19022): "这台机器的 IP 不在机器人的白名单里",
    ("feishu", 19024): "安全设置里的关键词不在信里：关键词填“证读”",
    ("feishu", 11232): "发得太频繁，被限流",
}
"""By scheme and the number in the robot's answer. Source: the three services' pages on custom robots."""
_MAIL = {
    535: "用户名或授权码不对；163、QQ 等邮箱要填授权码，不是登录密码",
    530: "服务器要求先登录或先加密，地址改用 mailtos://",
    550: "服务器不认这个收件人，或拒收这封信",
    552: "信太大，或对方邮箱已满",
    554: "信被当作垃圾邮件拒收",
    450: "对方暂时不收",
    451: "对方暂时不收",
    421: "服务器暂时不服务",
}
_HTTP = {
    400: "对方看不懂这个请求",
    401: "口令不对",
    403: "口令不对，或没有权限",
    404: "地址不对，对方没有这一页",
    410: "这个地址已经停用",
    413: "内容太长",
    429: "发得太频繁，被限流",
}


def refused(scheme: str, seen: Trace) -> str:
    """One Chinese sentence on a letter that certainly did not arrive."""
    if seen.code and scheme in CHATS:
        why = _ROBOTS.get(("feishu" if scheme == "lark" else scheme, seen.code), "机器人拒收")
        return f"{why}（{CHATS[scheme]}答 {seen.code}）{_AGAIN}"
    if scheme in MAIL and seen.smtp:
        return f"{_MAIL.get(seen.smtp, '邮件服务器拒收')}（SMTP {seen.smtp}）{_AGAIN}"
    if seen.http >= 300:
        return f"{_http(seen.http)}（HTTP {seen.http}）{_AGAIN}"
    if seen.http:
        return f"对方答话了，但没有收下{_AGAIN}"
    return f"没有连上：网络不通，或地址、端口、加密方式不对{_AGAIN}"


def _http(status: int) -> str:
    if status >= 500:
        return "对方的服务出了错"
    return _HTTP.get(status) or ("对方搬了家，地址要改成新的" if status < 400 else "对方拒收")
