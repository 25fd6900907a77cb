//! What is left when no row says more: whole requests, and families of codes. The last to be looked at.

use super::{Meaning, code};

pub(super) static ROWS: &[Meaning] = &[
    code("DryRunOperation")
        .about(&["DryRun"])
        .en("The request was only checked, and is good: nothing was made.", "Remove dry_run, or set it to false, to have it done.")
        .zh("请求仅做了预检且已通过，未创建任何资源。", "请去掉 dry_run 或将其设为 false 后再执行。"),
    code("MissingParameter*")
        .en("The request lacks a parameter that it needs.", "Set the argument that the message names.")
        .zh("请求缺少必需的参数。", "请设置错误信息中提到的参数。"),
    code("InvalidParameter.Conflict")
        .en("Two of the arguments exclude each other.", "Leave one of the arguments that the message names out.")
        .zh("参数之间互相冲突。", "请去掉错误信息中提到的其中一个参数。"),
    code("InvalidParameter.NotMatch")
        .en("Two of the arguments do not go together.", "Make the arguments that the message names agree.")
        .zh("参数之间不匹配。", "请调整错误信息中提到的参数，使其一致。"),
    code("InvalidParameter*").texts(VALUE),
    code("InvalidParamter*").texts(VALUE),
    code("Invalid.Parameter*").texts(VALUE),
    code("OperationUnsupported*").texts(REFUSED),
    code("OperationFailed*").texts(REFUSED),
    code("InvalidOperation*").texts(REFUSED),
    code("OperationDenied*")
        .en("The cloud does not do this here.", "Change what the message names: zone, instance type, disk category and image must be on sale together.")
        .zh("云端拒绝了该操作。", "请修改错误信息中提到的内容：可用区、实例规格、云盘类型和镜像须能同时购买。"),
    code("DependencyViolation*")
        .en("Something else still uses it.", "Delete or detach first what still uses it.")
        .zh("仍有其他资源在使用它。", "请先删除或解绑使用它的资源。"),
    code("Incorrect*").texts(STATE),
    code("Incorret*").texts(STATE),
    code("Incorrcet*").texts(STATE),
    code("*.IncorrectStatus*").texts(STATE),
    code("*StatusError").texts(STATE),
    code("InvalidStatus.*").texts(STATE),
    code("NoAttributeToModify")
        .en("The request changes nothing.", "Report this with the request id: prov sends no such requests.")
        .zh("请求中没有要修改的属性。", "请附上 RequestId 报告此问题：prov 不应发送此类请求。")
        .bug(),
    code("*QuotaExceed*").texts(QUOTA),
    code("*Quota*Exceed*").texts(QUOTA),
    code("*LimitExceed*").texts(QUOTA),
    code("*ExceedQuota*").texts(QUOTA),
    code("QuotaFull*").texts(QUOTA),
    code("Forbidden.*NotFound").texts(ABSENT),
    code("*NotFound*").texts(ABSENT),
    code("Forbidden*").texts(FORBIDDEN),
    code("Forbbiden*").texts(FORBIDDEN),
    code("Forbindden*").texts(FORBIDDEN),
    code("NoPermission*").texts(FORBIDDEN),
    code("NotAuthorized*").texts(FORBIDDEN),
    code("Unauthorized*").texts(FORBIDDEN),
    code("*Unauthorized").texts(FORBIDDEN),
    code("*.Duplicate*").texts(TAKEN),
    code("Invalid*").texts(VALUE),
    code("*NotSupport*").texts(VALUE),
];

const VALUE: [&str; 4] = [
    "An argument has a value that the API does not take.",
    "Correct the argument that the message names.",
    "某个参数的值不被接受。",
    "请修改错误信息中提到的参数。",
];
const TAKEN: [&str; 4] = [
    "There is one of this name already.",
    "Use another name, or import the one that is there.",
    "同名对象已存在。",
    "请更换名称，或导入已有对象。",
];
const REFUSED: [&str; 4] = [
    "The cloud does not do this to the object as it is.",
    "Look at the object in the console, and change what the message names.",
    "云端不支持对该对象执行此操作。",
    "请在控制台查看该对象，并修改错误信息中提到的内容。",
];
const QUOTA: [&str; 4] = [
    "A quota of the account is used up.",
    "Ask for a higher quota in the Quota Center, or release what is not needed.",
    "账号的某项配额已用完。",
    "请在配额中心申请提高配额，或释放不需要的资源。",
];
const STATE: [&str; 4] = [
    "The object is in a state that does not allow this.",
    "Try again later.",
    "对象当前的状态不支持此操作。",
    "请稍后重试。",
];
const ABSENT: [&str; 4] = [
    "The account has no such object in this region.",
    "Check the id and the region.",
    "账号在该地域没有这个对象。",
    "请检查 ID 和地域。",
];
const FORBIDDEN: [&str; 4] = [
    "The key may not do this.",
    "Grant the RAM user or role the permission for this action and resource.",
    "当前密钥没有执行该操作的权限。",
    "请为 RAM 用户或角色授予该操作和资源的权限。",
];
