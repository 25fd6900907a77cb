use crate::cloud::{
    advice,
    codes::{Again, classify, fits},
    error::ApiErrorKind::{self, *},
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
        assert_eq!(classify(code, *status).0, *kind, "{code}");
    }
}

#[test]
fn an_unwell_server_may_have_acted_only_with_a_5xx() {
    assert_eq!(classify("ServiceUnavailable", 503).1, Again::Server);
    assert_eq!(classify("SystemBusy", 400).1, Again::Unwell);
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

/// Every code of the error table of `CreateInstance`.
const CREATE_INSTANCE: &str = "\
    Account.Arrearage ChargeTypeViolation.PostPaidDedicatedHost DedicatedHostType.Unmatched \
    DependencyViolation.WindowsInstance DeploymentSet.NotFound EncryptedOption.Conflict \
    ImageRemovedInMarket IncorrectDedicatedHostStatus IncorrectDefaultVpcStatus \
    IncorrectImageStatus IncorrectVSwitchStatus InstanceDiskCategoryLimitExceed \
    InstanceDiskNumber.LimitExceed InstanceType.Offline InternalError \
    InvalidAccountStatus.NotEnoughBalance InvalidAutoRenewPeriod.ValueNotSupported \
    InvalidClusterId.NotFound InvalidDataDevice.Malformed \
    InvalidDataDiskCategory.ValueNotSupported InvalidDataDiskSize.ValueNotSupported \
    InvalidDataDiskSnapshotId.NotFound InvalidDedicatedHostId.NotFound \
    InvalidDedicatedHostStatus.NotSupport InvalidDeploymentOnHost InvalidDescription.Malformed \
    InvalidDevice.InUse InvalidDiskCategory.NotSupported InvalidDiskCategory.ValueNotSupported \
    InvalidDiskDescription.Malformed InvalidDiskSize.TooSmall InvalidHostName.Malformed \
    InvalidHpcClusterId.Creating InvalidHpcClusterId.Necessary InvalidHpcClusterId.NotFound \
    InvalidHpcClusterId.Unnecessary InvalidImageId.NotFound InvalidInstanceChargeType.NotFound \
    InvalidInstanceChargeType.NotSupport InvalidInstanceType.NotSupported \
    InvalidInstanceType.ValueNotSupported InvalidInstanceType.ValueUnauthorized \
    InvalidInternetChargeType.ValueNotSupported InvalidKeyPairName.NotFound \
    InvalidMarketImage.NotFound InvalidMarketImageChargeType.NotSupport \
    InvalidNetworkType.NotSupported InvalidParameter.Bandwidth InvalidParameter.Conflict \
    InvalidParameter.CreditSpecification InvalidParameter.Encrypted.KmsNotEnabled \
    InvalidParameter.EncryptedIllegal InvalidParameter.EncryptedNotSupported \
    InvalidParameter.Mismatch InvalidParameter.NotMatch InvalidPassword.Malformed \
    InvalidPasswordParam.Mismatch InvalidPeriod InvalidPeriod.ExceededDedicatedHost \
    InvalidPeriodUnit.ValueNotSupported InvalidPrivateIpAddress InvalidRamRole.NotFound \
    InvalidResourceType.NotSupported InvalidSecurityGroup.NotInDefaultVpc \
    InvalidSecurityGroupId.NotFound InvalidSnapshotId.BasedSnapshotTooOld \
    InvalidSnapshotId.NotReady InvalidSpotAuthorized InvalidSpotInterruptionBehavior \
    InvalidSpotInterruptionBehavior.ClassicNetworkNotSupport \
    InvalidSpotInterruptionBehavior.LocalDiskNotSupport InvalidSpotPriceLimit \
    InvalidSpotPriceLimit.LowerThanPublicPrice InvalidSystemDiskCategory.ValueNotSupported \
    InvalidSystemDiskSize.LessThanImageSize InvalidSystemDiskSize.ValueNotSupported \
    InvalidUserData.Forbidden InvalidUserData.NotSupported \
    InvalidVSwitch.DefaultVSwitchNotSupport InvalidVSwitchId.Necessary InvalidVSwitchId.NotFound \
    InvalidVpcZone.NotSupported IoOptimized.NotSupported LackResource MissingParameter \
    OperationDenied OperationDenied.IllegalPaymentPolicy OperationDenied.ImageNotValid \
    OperationDenied.InvalidNetworkType OperationDenied.NoStock QuotaExceed.AfterpayInstance \
    QuotaExceed.BuyImage QuotaExceed.PortableCloudDisk QuotaExceed.PostPaidDisk \
    QuotaExceeded.PrivateIpAddress RealNameAuthenticationError RegionUnauthorized \
    SecurityGroupInstanceLimitExceed VpcNotFound Zone.NotOnSale";

#[test]
fn every_documented_code_of_create_instance_has_a_remedy() {
    for code in CREATE_INSTANCE.split_whitespace() {
        let remedy = advice::remedy(code).unwrap_or_else(|| panic!("{code}"));
        assert!(remedy.ends_with('.'), "{code}: {remedy}");
    }
}

#[test]
fn parameters_are_found_by_code_or_message() {
    assert_eq!(
        advice::parameter_of("InvalidInstanceType.NotSupported"),
        Some("InstanceType")
    );
    assert_eq!(advice::parameter_of("Throttling"), None);
    for (message, parameter) in [
        (
            "The specified parameter \"Description\" is not valid.",
            Some("Description"),
        ),
        (
            "The specified parameter \" DataDisk.n.Category \" is not valid.",
            Some("DataDisk.N.Category"),
        ),
        (
            "The input parameter \"VSwitchId\" that is mandatory is not supplied.",
            Some("VSwitchId"),
        ),
        ("VpcId is mandatory for this action.", Some("VpcId")),
        ("Specified parameter \"a\nb\" is bad", None),
        ("It is so.", None),
        ("parameter \"", None),
    ] {
        assert_eq!(
            advice::parameter_in(message).as_deref(),
            parameter,
            "{message}"
        );
    }
}
