//! What a person can do about an error code, and which request parameter the code is about.
//!
//! One table, written from the API's error tables. An empty text: not known.

use super::codes::fits;

/// Returns what the user can do about an error with this code, in one sentence.
pub fn remedy(code: &str) -> Option<&'static str> {
    find(code, |(_, _, remedy)| remedy)
}

/// Returns the request parameter that a code is about: `InstanceType`, `DataDisk.N.Size`.
pub fn parameter_of(code: &str) -> Option<&'static str> {
    find(code, |(_, parameter, _)| parameter)
}

/// Returns the parameter that a message names: `The specified parameter "Description" is not valid.`
pub(super) fn parameter_in(message: &str) -> Option<String> {
    let quoted = || {
        let (_, rest) = message.split_once("arameter \"")?;
        Some(rest.split_once('"')?.0.trim())
    };
    let leading = || {
        Some(
            message
                .split_once(" is mandatory for this action")?
                .0
                .trim(),
        )
    };
    let name = quoted().or_else(leading)?;
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '_';
    let sound = name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(fits);
    sound.then(|| name.replace(".n.", ".N."))
}

type Row = (&'static str, &'static str, &'static str);

/// The first row that fits and has the text.
fn find(code: &str, column: fn(&Row) -> &'static str) -> Option<&'static str> {
    ADVICE
        .iter()
        .filter(|(pattern, ..)| fits(pattern, code))
        .map(column)
        .find(|text| !text.is_empty())
}

/// Code (`*` stands for any text), parameter, remedy.
#[rustfmt::skip]
const ADVICE: &[Row] = &[
    // Account and signature.
    ("InvalidAccessKeyId.NotFound", "", "Check the access key: no account has it (a deleted key, or one of another site)."),
    ("InvalidAccessKeyId.Inactive", "", "Enable the access key in the RAM console, or use another one."),
    ("Forbidden.AccessKeyDisabled", "", "Enable the access key in the RAM console, or use another one."),
    ("MissingAccessKeyId", "", "Set an access key in the provider block or the environment."),
    ("SignatureDoesNotMatch", "", "Check the secret: it does not belong to this access key."),
    ("IncompleteSignature", "", "Check that access key and secret are complete, without spaces or line ends."),
    ("InvalidSecurityToken.Expired", "", "Get new temporary credentials: the security token has expired."),
    ("InvalidSecurityToken*", "", "Check the security token: it must come with the access key and secret in use, and with no others."),
    ("MissingSecurityToken", "", "Set the security token: an access key that begins with `STS.` needs one."),
    ("InvalidTimeStamp*", "", "Set this machine's clock: it may differ from the cloud's by at most 15 minutes."),
    ("IllegalTimestamp", "", "Set this machine's clock: it may differ from the cloud's by at most 15 minutes."),
    ("Forbidden.RiskControl", "", "Ask the cloud's support: the account is restricted by risk control."),
    ("Forbidden.NotSupportRAM", "", "Use the account's own key: this action is not open to RAM users."),
    ("InvalidUserData.Forbidden", "UserData", "Apply for the permission to use user data, or leave it out."),
    ("Forbidden.*NotFound", "", "Check the id and the region: the account has no such object."),
    ("Forbidden*", "", "Grant the RAM user or role the permission for this action and resource."),
    ("NoPermission*", "", "Grant the RAM user or role the permission for this action and resource."),
    ("RegionUnauthorized", "RegionId", "Use another region, or ask for access to this one."),
    ("RealNameAuthenticationError", "", "Complete the account's real-name authentication first."),
    ("Account.Arrearage", "", "Pay the account's outstanding amount."),
    ("InvalidAccountStatus.NotEnoughBalance", "", "Add money to the account's balance."),
    ("InsufficientBalance*", "", "Add money to the account's balance."),
    ("OperationDenied.IllegalPaymentPolicy", "", "Ask the reseller who pays for the account to sign the payment agreement."),
    ("InvalidRegionId*", "RegionId", "Check the region's name, for example `cn-hangzhou` or `ap-southeast-1`."),
    ("InvalidAction*", "", "Check `endpoints`: this address does not serve this product's API."),
    ("InvalidVersion*", "", "Check `endpoints`: this address does not serve this product's API."),
    ("NotTheApi", "", "Check `endpoints` in the provider block, the environment's *_ENDPOINT variables and the proxy."),
    ("Unreachable", "", "Check the network and the proxy, the region's name, and `endpoints` in the provider block."),
    ("NoAnswer", "", "Try again; check the network and the proxy if it stays so."),
    ("AnswerCut", "", "Try again; check the network and the proxy if it stays so."),
    ("ServerError", "", "Try again later; check `endpoints` in the provider block and the proxy if it stays so."),
    ("InvalidEndpoint", "", "Mend `endpoint` or `endpoints` in the provider block, or the environment's *_ENDPOINT variables."),
    ("InsecureEndpoint", "", "Write the endpoint with https://."),
    ("Throttling*", "", "Try again later or with a smaller -parallelism: the account has used up its calls of this minute."),
    ("IdempotentParameterMismatch", "ClientToken", "Plan again: the token was used for a request with other parameters."),
    ("IdempotenceParamNotMatch", "ClientToken", "Plan again: the token was used for a request with other parameters."),
    ("InvalidIdempotenceParameter*", "ClientToken", "Plan again: the token was used for a request with other parameters."),
    ("InvalidClientToken*", "ClientToken", "Report this: a client token has at most 64 ASCII characters."),
    // Stock and quotas.
    ("OperationDenied.NoStock", "InstanceType", "Choose another instance type or zone: this one is sold out."),
    ("LackResource", "DedicatedHostId", "Choose another dedicated host or a smaller instance type: this host is full."),
    ("QuotaExceed.AfterpayInstance", "", "Ask for a higher quota of pay-as-you-go instances, or release some."),
    ("QuotaExceed.PortableCloudDisk", "", "Ask for a higher quota of detachable cloud disks, or release some."),
    ("QuotaExceed.PostPaidDisk", "", "Ask for a higher quota of pay-as-you-go disks, or release some."),
    ("QuotaExceed.BuyImage", "ImageId", "Buy the image in the marketplace first, or use another one."),
    ("QuotaExceeded.PrivateIpAddress", "VSwitchId", "Use another vSwitch or one with a larger network: this one has no free addresses."),
    ("SecurityGroupInstanceLimitExceed", "SecurityGroupId", "Use another security group: this one is full."),
    ("InstanceDiskNumber.LimitExceed", "DataDisk.N.Size", "Give the instance fewer data disks: at most 16."),
    ("InstanceDiskCategoryLimitExceed", "DataDisk.N.Size", "Choose a size within the limits of the disk category."),
    ("*QuotaExceed*", "", "Ask for a higher quota in the Quota Center, or release what is not needed."),
    ("*LimitExceed*", "", "Ask for a higher quota in the Quota Center, or release what is not needed."),
    // Zone, type, image.
    ("Zone.NotOnSale", "ZoneId", "Use another zone: this one is closed for new resources."),
    ("InvalidZoneId*", "ZoneId", "Use a zone of this region, such as the data source of zones lists."),
    ("InvalidInstanceType.ValueUnauthorized", "InstanceType", "Apply for this instance type, or choose another one."),
    ("InvalidInstanceType.NotSupported", "InstanceType", "Choose an instance type that the zone, image and deployment set support."),
    ("InvalidInstanceType.*", "InstanceType", "Choose an instance type that exists in this region, zone and network."),
    ("InstanceType.Offline", "InstanceType", "Choose a current instance type: this one is no longer sold."),
    ("InvalidResourceType.NotSupported", "InstanceType", "Choose another combination of instance type, zone and disk category: this one is not in stock."),
    ("DedicatedHostType.Unmatched", "InstanceType", "Choose an instance type of the dedicated host's family."),
    ("InvalidImageId.*", "ImageId", "Check the image id: it must exist in this region and be shared with this account."),
    ("InvalidMarketImage.NotFound", "ImageId", "Use another image: this marketplace image does not exist."),
    ("InvalidMarketImageChargeType.NotSupport", "ImageId", "Use another image or charge type: the marketplace image is not sold this way."),
    ("ImageRemovedInMarket", "ImageId", "Use another image: this one, or the one it is based on, has left the marketplace."),
    ("IncorrectImageStatus", "ImageId", "Wait until the image is available, or use another one."),
    ("OperationDenied.ImageNotValid", "ImageId", "Use an image that is published in this region and open to this account."),
    ("IoOptimized.NotSupported", "IoOptimized", "Use an image that supports I/O optimized instances."),
    ("InvalidParameter.CreditSpecification", "CreditSpecification", "Leave the credit specification out: this region does not offer it."),
    // Network.
    ("InvalidSecurityGroupId.*", "SecurityGroupId", "Check the security group's id: it must exist in this region."),
    ("InvalidSecurityGroup.NotInDefaultVpc", "SecurityGroupId", "Use a security group of the default VPC, or set a vSwitch."),
    ("InvalidVSwitchId.Necessary", "VSwitchId", "Set the vSwitch."),
    ("InvalidVSwitchId.*", "VSwitchId", "Check the vSwitch's id: it must exist in this region."),
    ("InvalidVswitchID.*", "VSwitchId", "Check the vSwitch's id: it must exist in this region."),
    ("InvalidVSwitch.DefaultVSwitchNotSupport", "VSwitchId", "Create a vSwitch in this zone and use it: there can be no default one."),
    ("IncorrectVSwitchStatus", "VSwitchId", "Try again when the vSwitch is available."),
    ("IncorrectDefaultVpcStatus", "VSwitchId", "Try again when the default VPC is available, or use a VPC of your own."),
    ("InvalidVpcZone.NotSupported", "ZoneId", "Use a vSwitch in another zone."),
    ("VpcNotFound", "VSwitchId", "Check that the vSwitch's VPC exists and belongs to this account."),
    ("InvalidParameter.Mismatch", "SecurityGroupId", "Use a security group and a vSwitch of the same VPC."),
    ("InvalidPrivateIpAddress*", "PrivateIpAddress", "Use a free address within the vSwitch's network."),
    ("InvalidNetworkType.*", "InstanceNetworkType", "Use a VPC: a dedicated host does not take instances of the classic network."),
    ("OperationDenied.InvalidNetworkType", "InstanceNetworkType", "Use an instance type and image that support this network type."),
    ("InvalidInternetChargeType.*", "InternetChargeType", "Use PayByTraffic or PayByBandwidth."),
    ("InvalidParameter.Bandwidth", "InternetMaxBandwidthOut", "Choose a bandwidth within the limits of the charge type."),
    ("InvalidVpcId.NotFound", "VpcId", "Check the VPC's id: it must exist in this region."),
    ("InvalidCidrBlock*", "CidrBlock", "Use a network within the VPC's that overlaps no other vSwitch."),
    // Disks.
    ("InvalidDiskCategory.NotSupported", "SystemDisk.Category", "Choose a disk category that the instance type supports."),
    ("InvalidDiskCategory.*", "SystemDisk.Category", "Choose a disk category that the zone and instance type offer."),
    ("InvalidSystemDiskCategory.*", "SystemDisk.Category", "Choose a system disk category that the zone and instance type offer."),
    ("InvalidDataDiskCategory.*", "DataDisk.N.Category", "Choose a data disk category that the zone and instance type offer."),
    ("InvalidSystemDiskSize.LessThanImageSize", "SystemDisk.Size", "Make the system disk at least as large as the image."),
    ("InvalidSystemDiskSize.*", "SystemDisk.Size", "Choose a system disk size within the limits of its category and not below the image's."),
    ("InvalidDataDiskSize.*", "DataDisk.N.Size", "Choose a data disk size within the limits of its category."),
    ("InvalidDiskSize.*", "DataDisk.N.Size", "Make the disk at least as large as its snapshot, within the limits of its category."),
    ("InvalidDataDiskSnapshotId.*", "DataDisk.N.SnapshotId", "Check the snapshot's id: it must exist in this region."),
    ("InvalidSnapshotId.NotReady", "DataDisk.N.SnapshotId", "Wait until the snapshot is complete."),
    ("InvalidSnapshotId.BasedSnapshotTooOld", "DataDisk.N.SnapshotId", "Make a new snapshot: those from before 15 July 2013 cannot be used."),
    ("InvalidSnapshotId.*", "DataDisk.N.SnapshotId", "Check the snapshot's id: it must exist in this region."),
    ("InvalidDataDevice.*", "DataDisk.N.Device", "Use a device name such as /dev/xvdb, or leave it out."),
    ("InvalidDevice.InUse", "DataDisk.N.Device", "Use another device name: two disks cannot have the same."),
    ("InvalidDiskDescription.*", "DataDisk.N.Description", "Use a description of 2 to 256 characters that does not begin with http:// or https://."),
    ("InvalidDiskName*", "DataDisk.N.DiskName", "Use a name of 2 to 128 characters that begins with a letter."),
    ("InvalidParameter.Encrypted.KmsNotEnabled", "DataDisk.N.Encrypted", "Turn on the Key Management Service first."),
    ("InvalidParameter.Encrypted*", "DataDisk.N.Encrypted", "Leave encryption off, or choose a disk category and region that offer it."),
    ("EncryptedOption.Conflict", "DataDisk.N.Encrypted", "Encrypt only disks that are not made from an unencrypted snapshot."),
    // Name, login, user data.
    ("InvalidInstanceName*", "InstanceName", "Use a name of 2 to 128 characters that begins with a letter."),
    ("InvalidDescription.*", "Description", "Use a description of 2 to 256 characters that does not begin with http:// or https://."),
    ("InvalidHostName.*", "HostName", "Use letters, digits and dashes: 2 to 64 characters (Windows: 2 to 15)."),
    ("InvalidPassword.*", "Password", "Use 8 to 30 characters with three of: lower case, upper case, digits, special characters."),
    ("InvalidPasswordParam.Mismatch", "Password", "Set either the password or that it is inherited from the image."),
    ("InvalidKeyPairName.*", "KeyPairName", "Check the key pair's name: it must exist in this region."),
    ("DependencyViolation.WindowsInstance", "KeyPairName", "Set a password instead: Windows does not log in with a key pair."),
    ("InvalidRamRole.*", "RamRoleName", "Check the RAM role's name, and that ECS may assume it."),
    ("InvalidUserData.NotSupported", "UserData", "Use user data in a VPC, with an I/O optimized instance type."),
    ("InvalidUserData*", "UserData", "Use at most 16 KB of user data."),
    ("InvalidTag*", "Tag.N.Key", "Use tag keys of at most 128 characters that do not begin with aliyun, acs:, http:// or https://."),
    // Payment and placement.
    ("InvalidInstanceChargeType.*", "InstanceChargeType", "Use PrePaid or PostPaid, as the dedicated host allows."),
    ("InvalidPeriod.ExceededDedicatedHost", "Period", "Choose a period that ends before the dedicated host's."),
    ("InvalidPeriodUnit.*", "PeriodUnit", "Use Week or Month."),
    ("InvalidPeriod*", "Period", "Choose a period that is sold: 1 to 9, 12, 24, 36, 48 or 60 months, or 1 to 4 weeks."),
    ("InvalidAutoRenewPeriod.*", "AutoRenewPeriod", "Use 1, 2, 3, 6 or 12 months."),
    ("InvalidSpotPriceLimit.LowerThanPublicPrice", "SpotPriceLimit", "Raise the price limit: it is below the current price."),
    ("InvalidSpotPriceLimit*", "SpotPriceLimit", "Use a price limit with at most three decimals."),
    ("InvalidSpotAuthorized", "SpotStrategy", "Apply for preemptible instances, or choose NoSpot."),
    ("InvalidSpotInterruptionBehavior*", "SpotInterruptionBehavior", "Use Terminate, or an instance in a VPC without local disks."),
    ("ChargeTypeViolation.PostPaidDedicatedHost", "InstanceChargeType", "Use PostPaid: the dedicated host is pay-as-you-go."),
    ("InvalidDedicatedHostId.*", "DedicatedHostId", "Check the dedicated host's id: it must exist in this region."),
    ("InvalidDedicatedHostStatus.*", "DedicatedHostId", "Try again when the dedicated host is available."),
    ("IncorrectDedicatedHostStatus", "DedicatedHostId", "Try again when the dedicated host is available."),
    ("InvalidDeploymentOnHost", "DeploymentSetId", "Leave out either the deployment set or the dedicated host."),
    ("DeploymentSet.NotFound", "DeploymentSetId", "Check the deployment set's id: it must exist in this region."),
    ("InvalidHpcClusterId.Unnecessary", "HpcClusterId", "Leave the HPC cluster out: the instance type does not use one."),
    ("InvalidHpcClusterId.Necessary", "HpcClusterId", "Set the HPC cluster: the instance type needs one."),
    ("InvalidHpcClusterId.Creating", "HpcClusterId", "Try again when the HPC cluster is ready."),
    ("InvalidHpcClusterId.*", "HpcClusterId", "Check the HPC cluster's id."),
    ("InvalidClusterId.*", "ClusterId", "Leave the cluster out: the VPC and zone decide."),
    // Whole requests.
    ("MissingParameter*", "", "Set the argument that the message names."),
    ("InvalidParameter.Conflict", "", "Leave one of the arguments that the message names out."),
    ("InvalidParameter.NotMatch", "", "Make the arguments that the message names agree."),
    ("OperationDenied", "", "Change what the message names: zone, instance type, disk category and image must be on sale together."),
    ("DependencyViolation*", "", "Delete or detach first what still uses it."),
    ("IncorrectInstanceStatus*", "", "Try again when the instance is running or stopped."),
    ("OperationConflict*", "", "Try again: another operation on the same object was in progress."),
    ("TaskConflict*", "", "Try again: another operation on the same object was in progress."),
    ("InternalError*", "", "Try again; if it persists, give the request id to the cloud's support."),
    ("ServiceUnavailable*", "", "Try again later."),
];
