//! Who asks, and whether the question is one: keys, signatures, permissions, actions and tokens.

use super::{Meaning, code};

pub(super) static ROWS: &[Meaning] = &[
    code("InvalidAccessKeyId.NotFound")
        .en("No account has this access key.", "Check the access key: it may be deleted, or belong to another site.")
        .zh("没有账号拥有此 AccessKey。", "请检查 AccessKey：它可能已被删除，或属于另一个站点。"),
    code("InvalidAccessKeyId.Inactive")
        .en("The access key is disabled.", "Enable the access key in the RAM console, or use another one.")
        .zh("此 AccessKey 已被禁用。", "请在 RAM 控制台启用该 AccessKey，或改用其他 AccessKey。"),
    code("Forbidden.AccessKeyDisabled")
        .en("The access key is disabled.", "Enable the access key in the RAM console, or use another one.")
        .zh("此 AccessKey 已被禁用。", "请在 RAM 控制台启用该 AccessKey，或改用其他 AccessKey。"),
    code("InvalidAccessKeyId*")
        .en("The access key is not accepted.", "Check the access key in the provider block or the environment.")
        .zh("AccessKey 未被接受。", "请检查 provider 块或环境变量中的 AccessKey。"),
    code("MissingAccessKeyId")
        .en("The request has no access key.", "Set an access key in the provider block or the environment.")
        .zh("请求中没有 AccessKey。", "请在 provider 块或环境变量中设置 AccessKey。"),
    code("SignatureDoesNotMatch")
        .en("The secret does not belong to the access key.", "Check the secret: copy it again, without spaces or line ends.")
        .zh("AccessKey Secret 与 AccessKey ID 不匹配。", "请检查 Secret：重新复制，去掉空格和换行。"),
    code("IncompleteSignature")
        .en("The signature is incomplete.", "Check that access key and secret are complete, without spaces or line ends.")
        .zh("请求签名不完整。", "请检查 AccessKey ID 和 Secret 是否完整，且不含空格和换行。"),
    code("InvalidSecurityToken.Expired")
        .en("The temporary credentials have expired.", "Get new temporary credentials and run the command again.")
        .zh("临时凭证已过期。", "请获取新的临时凭证后重新运行。"),
    code("InvalidSecurityToken.MismatchWithAccessKey")
        .en("The security token was issued with another access key.", "Set access key, secret and security token from one and the same answer of STS.")
        .zh("安全令牌是随另一个 AccessKey 签发的。", "请使用 STS 同一次返回的 AccessKey、Secret 和安全令牌。"),
    code("InvalidSecurityToken*")
        .en("The security token is not valid.", "Check the security token: it must come with the access key and secret in use, and be complete.")
        .zh("安全令牌无效。", "请检查安全令牌：它必须完整，并与所用的 AccessKey 和 Secret 配套。"),
    code("MissingSecurityToken")
        .en("A temporary access key came without its security token.", "Set the security token: an access key that begins with `STS.` needs one.")
        .zh("使用了临时 AccessKey，但没有提供安全令牌。", "请设置安全令牌：以 `STS.` 开头的 AccessKey 必须配合安全令牌使用。"),
    code("InvalidTimeStamp.Format")
        .en("The request's time is not written as the API wants it.", "Report this: prov writes the time itself.")
        .zh("请求时间的格式不符合要求。", "请报告此问题：时间由 prov 自行生成。")
        .bug(),
    code("InvalidTimeStamp*")
        .en("This machine's clock differs from the cloud's by more than 15 minutes.", "Set this machine's clock.")
        .zh("本机时钟与云端相差超过 15 分钟。", "请校准本机时钟。"),
    code("IllegalTimestamp")
        .en("This machine's clock differs from the cloud's by more than 15 minutes.", "Set this machine's clock.")
        .zh("本机时钟与云端相差超过 15 分钟。", "请校准本机时钟。"),
    code("SignatureNonceUsed")
        .en("The request was seen before.", "Run the command again; look for a proxy that repeats requests if it stays so.")
        .zh("此请求已被接收过。", "请重新运行；若持续出现，请检查是否有代理重复发送请求。"),
    code("UnsupportedHTTPMethod")
        .en("The endpoint does not take this kind of request.", "Check `endpoints`: this address does not serve this product's API.")
        .zh("该地址不接受此类请求。", "请检查 `endpoints`：此地址不是该产品的 API。"),
    code("Forbidden.RiskControl")
        .en("Risk control has restricted the account.", "Ask the cloud's support to lift the restriction.")
        .zh("账号被风险控制限制。", "请联系阿里云客服解除限制。"),
    code("Forbidden.NotSupportRAM")
        .en("The action is not open to RAM users.", "Use the account's own key for it.")
        .zh("该操作不支持 RAM 用户。", "请使用主账号的 AccessKey。"),
    code("InvalidUserData.Forbidden")
        .about(&["UserData"])
        .en("The account may not use user data.", "Apply for the permission to use user data, or leave it out.")
        .zh("账号没有使用实例自定义数据的权限。", "请申请自定义数据权限，或去掉该参数。"),
    code("RegionUnauthorized")
        .about(&["RegionId"])
        .en("The account may not create instances in this region.", "Use another region, or ask for access to this one.")
        .zh("账号没有在该地域创建实例的权限。", "请改用其他地域，或申请该地域的权限。"),
    code("Unauthorized.EmptyRegion")
        .about(&["RegionId"])
        .en("The account has access to no region at all.", "Ask the account's administrator for access to a region.")
        .zh("账号没有任何地域的访问权限。", "请向账号管理员申请地域权限。"),
    code("Forbidden.RegionNotFound")
        .about(&["RegionId"])
        .en("There is no such region.", "Check the region's name, for example `cn-hangzhou` or `ap-southeast-1`.")
        .zh("没有这个地域。", "请检查地域名称，例如 `cn-hangzhou` 或 `ap-southeast-1`。"),
    code("InvalidRegionId*")
        .about(&["RegionId"])
        .en("There is no such region, or this product is not offered in it.", "Check the region's name, for example `cn-hangzhou` or `ap-southeast-1`.")
        .zh("没有这个地域，或该地域未提供此产品。", "请检查地域名称，例如 `cn-hangzhou` 或 `ap-southeast-1`。"),
    code("InvalidAction*")
        .en("The endpoint does not know this action.", "Check `endpoints`: this address does not serve this product's API.")
        .zh("该地址不支持此操作。", "请检查 `endpoints`：此地址不是该产品的 API。"),
    code("InvalidVersion*")
        .en("The endpoint does not know this version of the API.", "Check `endpoints`: this address does not serve this product's API.")
        .zh("该地址不支持此 API 版本。", "请检查 `endpoints`：此地址不是该产品的 API。"),
    code("UnsupportedParameter*")
        .en("The action does not take one of the parameters.", "Report this with the request id: prov sends only documented parameters.")
        .zh("该操作不接受其中一个参数。", "请附上 RequestId 报告此问题：prov 只应发送文档中的参数。")
        .bug(),
    code("UnsupportedOperation")
        .en("The API does not support this operation here.", "Use another region, or leave out what the message names.")
        .zh("API 在此处不支持该操作。", "请改用其他地域，或去掉错误信息中提到的参数。"),
    code("InvalidParamater")
        .en("A parameter of the request's signature is wrong.", "Report this with the request id: prov writes these parameters itself.")
        .zh("请求签名的某个公共参数不正确。", "请附上 RequestId 报告此问题：这些参数由 prov 自行生成。")
        .bug(),
    code("InvalidClientToken*")
        .en("The client token is not one.", "Report this with the request id: a token has at most 64 ASCII characters, and prov makes it.")
        .zh("ClientToken 不合法。", "请附上 RequestId 报告此问题：ClientToken 由 prov 生成，最多 64 个 ASCII 字符。")
        .bug(),
    code("IdempotentParameterMismatch")
        .texts(TOKEN_USED),
    code("IdempotenceParamNotMatch")
        .texts(TOKEN_USED),
    code("Idempotence.SignatureMismatch")
        .texts(TOKEN_USED),
    code("InvalidIdempotenceParameter*")
        .texts(TOKEN_USED),
    code("InvalidParamter.Conflict")
        .says("token")
        .texts(TOKEN_USED),
    code("EntityNotExist.Role")
        .about(&["RoleArn", "RamRoleName"])
        .en("There is no such RAM role.", "Check the role's name and account, and that this key may assume it.")
        .zh("RAM 角色不存在。", "请检查角色名称和所属账号，以及当前密钥是否可以扮演该角色。"),
    code("EntityNotExist.OIDCProvider")
        .about(&["OIDCProviderArn"])
        .en("The account has no such identity provider.", "Check the provider's ARN and account.")
        .zh("账号没有这个身份提供商。", "请检查身份提供商的 ARN 和所属账号。"),
    code("EntityNotExist*")
        .en("The account has no such object.", "Check its name and account.")
        .zh("账号没有这个对象。", "请检查其名称和所属账号。"),
    code("AuthenticationFail.OIDCToken*")
        .en("The OIDC token is not accepted.", "Get a new OIDC token, and check the provider that the role trusts.")
        .zh("OIDC 令牌未被接受。", "请获取新的 OIDC 令牌，并检查角色所信任的身份提供商。"),
    code("Forbidden.KeyNotFound")
        .about(&["CiphertextBlob"])
        .en("The key that encrypted the text does not exist in this region.", "Use the region of the key, or encrypt the text again.")
        .zh("加密所用的密钥在该地域不存在。", "请使用密钥所在的地域，或重新加密。"),
    code("Rejected.Disabled")
        .about(&["CiphertextBlob"])
        .en("The key is disabled.", "Enable the key in the Key Management Service, or encrypt the text with another one.")
        .zh("密钥已被禁用。", "请在密钥管理服务中启用该密钥，或使用其他密钥重新加密。"),
    code("InvalidParameter")
        .says("CiphertextBlob")
        .about(&["CiphertextBlob", "EncryptionContext"])
        .en("The text is not one that the Key Management Service has encrypted in this context.", "Encrypt the password with the same context, and copy all of the ciphertext.")
        .zh("该密文不是密钥管理服务在此上下文中加密的。", "请使用相同的加密上下文重新加密，并完整复制密文。"),
    code("InvalidParameter.RoleArn")
        .about(&["RoleArn"])
        .en("The role's name is not written as an ARN.", "Write it as `acs:ram::ACCOUNT:role/NAME`.")
        .zh("角色 ARN 的格式不正确。", "请写成 `acs:ram::账号ID:role/角色名`。"),
    code("InvalidParameter.RoleSessionName")
        .about(&["RoleSessionName"])
        .en("The session's name is not allowed.", "Use 2 to 64 letters, digits and the characters . @ - _ for the session's name.")
        .zh("会话名称不合法。", "会话名称请使用 2~64 个字母、数字或 . @ - _ 字符。"),
    code("InvalidParameter.DurationSeconds")
        .about(&["DurationSeconds"])
        .en("The session is too short or longer than the role allows.", "Use 900 seconds up to the role's longest session.")
        .zh("会话时长太短，或超过了角色允许的最长时间。", "请设置为 900 秒到角色最大会话时间之间。"),
    code("InvalidParameter.PolicyGrammar")
        .about(&["Policy"])
        .en("The session's policy is not a RAM policy.", "Check the policy's JSON.")
        .zh("会话权限策略的语法不正确。", "请检查策略的 JSON。"),
];

const TOKEN_USED: [&str; 4] = [
    "The client token was used for a request with other parameters.",
    "Look in the console whether that request made the object: import it if it did, and apply again.",
    "该 ClientToken 已用于参数不同的另一个请求。",
    "请在控制台查看该请求是否已创建出对象：若已创建，请先导入，然后重新执行 apply。",
];
