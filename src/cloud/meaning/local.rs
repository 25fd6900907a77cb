//! Words of prov's own, for what happened without an answer of the API.

use super::{Meaning, code};

pub(super) static ROWS: &[Meaning] = &[
    code("NotTheApi")
        .en("The address answers, but is not that of the API.", "Check `endpoints` in the provider block, the environment's *_ENDPOINT variables and the proxy.")
        .zh("该地址有响应，但不是 API。", "请检查 provider 块中的 `endpoints`、环境变量 *_ENDPOINT 和代理。"),
    code("Unreachable")
        .en("No connection could be made: nothing was sent.", "Check the network and the proxy, the region's name, and `endpoints` in the provider block.")
        .zh("无法建立连接，请求未发出。", "请检查网络和代理、地域名称以及 provider 块中的 `endpoints`。"),
    code("UntrustedEndpoint")
        .en("The other side's certificate is not one that this machine trusts: nothing was sent.", "Check `endpoint` or `endpoints` in the provider block. If a proxy of yours opens the encryption, put its authority's certificate among those of the system, or name its file in SSL_CERT_FILE.")
        .zh("对方证书不受本机信任，请求未发出。", "请检查 provider 块中的 `endpoint` 或 `endpoints`。若使用会解密流量的代理，请将其 CA 证书加入系统证书，或用 SSL_CERT_FILE 指定证书文件。"),
    code("NotTls")
        .en("No encrypted connection could be made: nothing was sent.", "Check the port in `endpoint` or `endpoints` of the provider block. An emulator on this machine is spoken to with http://.")
        .zh("无法建立加密连接，请求未发出。", "请检查 provider 块中 `endpoint` 或 `endpoints` 的端口。本机模拟器请使用 http://。"),
    code("ProxyUnreachable")
        .en("The proxy did not make a connection: nothing was sent.", "Check HTTPS_PROXY (or ALL_PROXY) in the environment, and NO_PROXY for what should not go through it.")
        .zh("代理未能建立连接，请求未发出。", "请检查环境变量 HTTPS_PROXY（或 ALL_PROXY），以及用于排除地址的 NO_PROXY。"),
    code("NoAnswer")
        .en("The request was sent, and no answer came.", "Try again; check the network and the proxy if it stays so.")
        .zh("请求已发出，但没有收到响应。", "请重试；若持续出现，请检查网络和代理。"),
    code("AnswerCut")
        .en("The answer did not come whole.", "Try again; check the network and the proxy if it stays so.")
        .zh("收到的响应不完整。", "请重试；若持续出现，请检查网络和代理。"),
    code("ServerError")
        .en("The server failed, or something in front of it.", "Try again later; check `endpoints` in the provider block and the proxy if it stays so.")
        .zh("服务器或其前置代理发生故障。", "请稍后重试；若持续出现，请检查 provider 块中的 `endpoints` 和代理。"),
    code("InvalidEndpoint")
        .en("The endpoint is not an address.", "Mend `endpoint` or `endpoints` in the provider block, or the environment's *_ENDPOINT variables.")
        .zh("endpoint 不是合法的地址。", "请修改 provider 块中的 `endpoint` 或 `endpoints`，或环境变量 *_ENDPOINT。"),
    code("InsecureEndpoint")
        .en("The endpoint would be spoken to without encryption.", "Write the endpoint with https://.")
        .zh("该 endpoint 未使用加密连接。", "请使用 https:// 形式的 endpoint。"),
    code("Timeout")
        .en("It takes longer than prov waits.", "Apply again to go on waiting, or set a longer time in a `timeouts` block.")
        .zh("等待超时。", "请重新执行 apply 继续等待，或在 `timeouts` 块中设置更长的时间。"),
    code("ObjectVanished")
        .en("Somebody deleted it meanwhile.", "Plan again.")
        .zh("对象在此期间被删除。", "请重新执行 plan。"),
    code("UnexpectedStatus")
        .en("It came into a state from which it will not get ready.", "Look at it in the console; delete it there, and apply again.")
        .zh("对象进入了无法就绪的状态。", "请在控制台查看；删除后重新执行 apply。"),
    code("MissingId")
        .en("The cloud has done it, and did not say what the new object's id is.", "Run the command again: it asks with the same token.")
        .zh("云端已执行，但响应中没有新对象的 ID。", "请重新运行：prov 会使用同一 ClientToken 再次请求。"),
];
