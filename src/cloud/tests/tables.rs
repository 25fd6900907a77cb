use crate::cloud::{
    ApiError,
    codes::{Again, classify, fits},
    error::ApiErrorKind::{self, *},
    meaning::{meaning, meanings},
};

#[test]
fn codes_are_classified() {
    let cases: &[(&str, u16, ApiErrorKind)] = &[
        ("Throttling", 400, Throttled),
        ("Throttling.User", 400, Throttled),
        ("Throttling.ConcurrentLimitExceeded", 400, Throttled),
        ("Rejected.Throttling", 400, Throttled),
        ("FrequentPurchase.EIP", 400, Throttled),
        ("ServiceUnavailable", 503, Server),
        ("InternalError", 500, Server),
        ("SystemBusy", 400, Server),
        ("Whatever", 502, Server),
        ("Whatever", 429, Throttled),
        ("Whatever", 400, Invalid),
        ("LastTokenProcessing", 403, OutcomeUnknown),
        ("OperationFailed.LastTokenProcessing", 400, OutcomeUnknown),
        ("IdempotentParameterMismatch", 400, OutcomeUnknown),
        ("TaskConflict", 409, Busy),
        ("OperationConflict", 409, Busy),
        ("IncorrectInstanceStatus", 403, Busy),
        ("IncorrectInstanceStatus.Initializing", 403, Busy),
        ("IncorrectStatus.VSwitch", 400, Busy),
        ("CreateVSwitch.IncorrectStatus.cbnStatus", 400, Busy),
        ("VswitchStatusError", 400, Busy),
        ("DependencyViolation.VSwitch", 400, Busy),
        ("DependencyViolation.WindowsInstance", 403, Invalid),
        ("InvalidAccessKeyId.NotFound", 404, Denied),
        ("SignatureDoesNotMatch", 400, Denied),
        ("Forbidden.RAM", 403, Denied),
        ("NoPermission", 403, Denied),
        ("InvalidSecurityToken.Expired", 400, Denied),
        ("Forbidden.InstanceNotFound", 404, NotFound),
        ("InvalidInstanceId.NotFound", 404, NotFound),
        ("InvalidVSwitchId.NotFound", 400, NotFound),
        ("VpcNotFound", 400, NotFound),
        ("InvalidRegionId.NotFound", 404, Invalid),
        ("InvalidAction.NotFound", 404, Invalid),
        ("QuotaExceed.AfterpayInstance", 400, Quota),
        ("QuotaExceeded.PrivateIpAddress", 400, Quota),
        ("InvalidAccountStatus.NotEnoughBalance", 403, Quota),
        ("OperationDenied.NoStock", 403, Quota),
        ("OperationDenied", 403, Invalid),
        ("InvalidInstanceType.ValueNotSupported", 400, Invalid),
        ("DryRunOperation", 400, Invalid),
    ];
    for (code, status, kind) in cases {
        assert_eq!(classify(code, *status, "").0, *kind, "{code}");
    }
}

#[test]
fn an_unwell_server_may_have_acted_only_with_a_5xx() {
    assert_eq!(classify("ServiceUnavailable", 503, "").1, Again::Server);
    assert_eq!(classify("SystemBusy", 400, "").1, Again::Unwell);
}

#[test]
fn patterns_fit() {
    for (pattern, code, expected) in [
        ("A", "A", true),
        ("A", "AB", false),
        ("A*", "AB", true),
        ("*B", "AB", true),
        ("*B", "ABC", false),
        ("*B*", "ABC", true),
        ("A*C", "ABC", true),
        ("A*C", "AC", true),
        ("AB*BC", "ABC", false),
        ("A*B*C", "AxByC", true),
        ("A*B*C", "AxCyB", false),
        ("*", "", true),
        ("", "A", false),
    ] {
        assert_eq!(fits(pattern, code), expected, "{pattern} {code}");
    }
}

#[test]
fn the_message_tells_codes_of_several_meanings_apart() {
    for (message, kind, again) in [
        ("Another Instance has been creating", Busy, Again::Conflict),
        ("The resource is out of usage.", Quota, Again::Never),
        ("The resource is Out Of Usage.", Quota, Again::Never),
        (
            "Sales of this resource are temporarily suspended in the specified region; please try again later.",
            Quota,
            Again::Never,
        ),
        (
            "The specified Image is disabled or is deleted.",
            Invalid,
            Again::Never,
        ),
    ] {
        assert_eq!(
            classify("OperationDenied", 403, message),
            (kind, again),
            "{message}"
        );
    }
}

#[test]
fn every_row_says_all_in_both_languages() {
    for row in meanings() {
        for words in [row.means, row.remedy] {
            assert!(
                words.english.ends_with('.'),
                "{}: {}",
                row.code,
                words.english
            );
            assert!(
                words.english.starts_with(|c: char| c.is_ascii_uppercase()),
                "{}",
                row.code
            );
            assert!(
                words.chinese.ends_with('。'),
                "{}: {}",
                row.code,
                words.chinese
            );
        }
    }
}

#[test]
fn every_row_can_be_reached() {
    for row in meanings() {
        let code = row.code.replace('*', "X");
        let found = meaning(&code, row.says).unwrap();
        let general = row.code.contains('*');
        assert!(
            general || std::ptr::eq(found, row),
            "{} is hidden by {}",
            row.code,
            found.code
        );
    }
}

#[test]
fn parameters_are_found_by_message_and_code() {
    let parameters = |code: &str, message: &str| {
        let error = ApiError {
            message: message.to_owned(),
            ..ApiError::local(code, "")
        };
        error.parameters()
    };
    assert_eq!(
        parameters("InvalidInstanceType.NotSupported", ""),
        ["InstanceType", "DeploymentSetId"]
    );
    assert_eq!(parameters("Throttling", ""), [""; 0]);
    for (message, parameter) in [
        (
            "The specified parameter \"Description\" is not valid.",
            "Description",
        ),
        (
            "The specified parameter \" DataDisk.n.Category \" is not valid.",
            "DataDisk.N.Category",
        ),
        (
            "The input parameter \"VSwitchId\" that is mandatory is not supplied.",
            "VSwitchId",
        ),
        ("VpcId is mandatory for this action.", "VpcId"),
        (
            "The specified parameter SystemDisk.Size is less than it.",
            "SystemDisk.Size",
        ),
    ] {
        assert_eq!(parameters("Whatever", message), [parameter], "{message}");
    }
    for message in [
        "Specified parameter \"a\nb\" is bad",
        "It is so.",
        "parameter \"",
    ] {
        assert_eq!(parameters("Whatever", message), [""; 0], "{message}");
    }
}
