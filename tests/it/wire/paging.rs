//! Pages: every listing that has them shows each thing once, by numbers and by tokens.

use std::collections::BTreeSet;

use super::story::{Story, at};
use super::*;
use crate::support::contract::CONTRACT;

/// How many there are at least of everything that is listed.
const MANY: usize = 5;

/// One listing takes no size without a number.
const FIRST: (&str, &str) = ("PageNumber", "1");

/// A listing.
struct Listing {
    product: &'static str,
    action: &'static str,
    /// What it is asked with; `$` as in stories.
    asked: &'static str,
    /// Where the list is, and what tells its items apart.
    list: &'static str,
    id: &'static str,
}

const fn listing(
    product: &'static str,
    action: &'static str,
    asked: &'static str,
    list: &'static str,
    id: &'static str,
) -> Listing {
    Listing {
        product,
        action,
        asked,
        list,
        id,
    }
}

#[rustfmt::skip]
const LISTINGS: &[Listing] = &[
    listing("ecs", "DescribeDeploymentSets", "", "DeploymentSets.DeploymentSet", "DeploymentSetId"),
    listing("ecs", "DescribeDisks", "", "Disks.Disk", "DiskId"),
    listing("ecs", "DescribeDisks", "DiskType=system", "Disks.Disk", "DiskId"),
    listing("ecs", "DescribeImageSharePermission", "ImageId=$own", "Accounts.Account", "AliyunId"),
    listing("ecs", "DescribeImages", "", "Images.Image", "ImageId"),
    listing("ecs", "DescribeInstanceAttachmentAttributes", "InstanceIds=$all", "Instances.Instance", "InstanceId"),
    listing("ecs", "DescribeInstanceAutoRenewAttribute", "RenewalStatus=Normal", "InstanceRenewAttributes.InstanceRenewAttribute", "InstanceId"),
    listing("ecs", "DescribeInstanceMaintenanceAttributes", "", "MaintenanceAttributes.MaintenanceAttribute", "InstanceId"),
    listing("ecs", "DescribeInstanceRamRole", "InstanceIds=$all", "InstanceRamRoleSets.InstanceRamRoleSet", "InstanceId"),
    listing("ecs", "DescribeInstanceStatus", "", "InstanceStatuses.InstanceStatus", "InstanceId"),
    listing("ecs", "DescribeInstanceTypes", "", "InstanceTypes.InstanceType", "InstanceTypeId"),
    listing("ecs", "DescribeInstances", "", "Instances.Instance", "InstanceId"),
    listing("ecs", "DescribeInstances", "VSwitchId=$vswitch", "Instances.Instance", "InstanceId"),
    listing("ecs", "DescribeInstances", "InstanceName=machine-*", "Instances.Instance", "InstanceId"),
    listing("ecs", "DescribeInstances", "Tag.1.Key=fleet", "Instances.Instance", "InstanceId"),
    listing("ecs", "DescribeInstances", "InstanceIds=$all", "Instances.Instance", "InstanceId"),
    listing("ecs", "DescribeKeyPairs", "", "KeyPairs.KeyPair", "KeyPairName"),
    listing("ecs", "DescribeLaunchTemplateVersions", "LaunchTemplateId=$template", "LaunchTemplateVersionSets.LaunchTemplateVersionSet", "VersionNumber"),
    listing("ecs", "DescribeLaunchTemplates", "", "LaunchTemplateSets.LaunchTemplateSet", "LaunchTemplateId"),
    listing("ecs", "DescribeNetworkInterfaces", "", "NetworkInterfaceSets.NetworkInterfaceSet", "NetworkInterfaceId"),
    listing("ecs", "DescribeSecurityGroupAttribute", "SecurityGroupId=$group", "Permissions.Permission", "SecurityGroupRuleId"),
    listing("ecs", "DescribeSecurityGroups", "", "SecurityGroups.SecurityGroup", "SecurityGroupId"),
    listing("ecs", "DescribeSnapshots", "", "Snapshots.Snapshot", "SnapshotId"),
    listing("ecs", "DescribeTags", "", "Tags.Tag", "TagValue"),
    listing("ecs", "DescribeResourceByTags", "Tag.1.Key=fleet", "Resources.Resource", "ResourceId"),
    listing("vpc", "DescribeTags", "", "TagResources.TagResource", "TagValue"),
    listing("vpc", "DescribeVRouters", "", "VRouters.VRouter", "VRouterId"),
    listing("ecs", "ListTagResources", "ResourceType=instance Tag.1.Key=fleet", "TagResources.TagResource", "ResourceId"),
    listing("resourcemanager", "ListResourceGroups", "", "ResourceGroups.ResourceGroup", "Id"),
    listing("slb", "DescribeLoadBalancers", "", "LoadBalancers.LoadBalancer", "LoadBalancerId"),
    listing("slb", "ListTagResources", "ResourceType=instance Tag.1.Key=fleet", "TagResources.TagResource", "ResourceId"),
    listing("vpc", "DescribeEipAddresses", "", "EipAddresses.EipAddress", "AllocationId"),
    listing("vpc", "DescribeNatGateways", "", "NatGateways.NatGateway", "NatGatewayId"),
    listing("vpc", "DescribeRouteEntryList", "RouteTableId=$table", "RouteEntrys.RouteEntry", "DestinationCidrBlock"),
    listing("vpc", "DescribeRouteTableList", "", "RouterTableList.RouterTableListType", "RouteTableId"),
    listing("vpc", "DescribeRouteTables", "", "RouteTables.RouteTable", "RouteTableId"),
    listing("vpc", "DescribeSnatTableEntries", "SnatTableId=$snat_table", "SnatTableEntries.SnatTableEntry", "SnatEntryId"),
    listing("vpc", "DescribeVSwitches", "", "VSwitches.VSwitch", "VSwitchId"),
    listing("vpc", "DescribeVpcs", "", "Vpcs.Vpc", "VpcId"),
    listing("vpc", "ListTagResources", "ResourceType=VPC Tag.1.Key=fleet", "TagResources.TagResource", "ResourceId"),
];

/// Things of every kind; `%` is their number.
const EACH: &str = r#"
    ecs CreateDeploymentSet DeploymentSetName=set-%
    ecs RunInstances $order InstanceName=machine-% Tag.1.Key=fleet Tag.1.Value=% RamRoleName=role -> running = InstanceIdSets.InstanceIdSet.0
    ecs CreateInstance $order InstanceChargeType=PrePaid Period=1
    ecs DescribeDisks InstanceId=$running                -> disk = Disks.Disk.0.DiskId
    ecs CreateSnapshot DiskId=$disk                      -> snapshot = SnapshotId
    ecs CreateKeyPair KeyPairName=pair-%
    ecs CreateLaunchTemplate LaunchTemplateName=template-%
    ecs CreateSecurityGroup VpcId=$vpc
    ecs AuthorizeSecurityGroup SecurityGroupId=$group IpProtocol=TCP PortRange=8%/8% SourceCidrIp=10.0.0.0/8
    resourcemanager CreateResourceGroup Name=group-% DisplayName=group-%
    slb CreateLoadBalancer LoadBalancerSpec=slb.s1.small Tag.1.Key=fleet Tag.1.Value=%
    vpc CreateVpc CidrBlock=10.0.0.0/8                   -> another = VpcId
    vpc TagResources ResourceType=VPC ResourceId.1=$another Tag.1.Key=fleet Tag.1.Value=%
    vpc CreateVSwitch VpcId=$vpc ZoneId=cn-hangzhou-h CidrBlock=10.10%.0.0/24 -> place = VSwitchId
    vpc AllocateEipAddress                               -> eip = AllocationId, address = EipAddress
    vpc CreateNatGateway VpcId=$vpc VSwitchId=$place NatType=Enhanced -> nat = NatGatewayId, snat_table = SnatTableIds.SnatTableId.0
    vpc CreateRouteEntry RouteTableId=$table DestinationCidrBlock=172.1%.0.0/16 NextHopType=Instance NextHopId=$running
"#;

/// Things of which one has many.
const OF_ONE: &str = r#"
    ecs CreateLaunchTemplateVersion LaunchTemplateName=template-1 ImageId=$image -> template = LaunchTemplateId
    ecs ModifyImageSharePermission ImageId=$own AddAccount.1=222222222222222%
    vpc CreateSnatEntry SnatTableId=$snat_table SourceCIDR=10.1.0.%/32 SnatIp=$address
"#;

async fn world() -> Story {
    let mut story = Story::networked(Profile::Instant).await;
    story
        .tell("vpc DescribeRouteTableList VpcId=$vpc -> table = RouterTableList.RouterTableListType.0.RouteTableId")
        .await;
    let numbers = || (1..=MANY).map(|number| number.to_string());
    for number in numbers() {
        story.tell(&EACH.replace('%', &number)).await;
    }
    story
        .tell(
            "ecs CreateImage SnapshotId=$snapshot -> own = ImageId
             vpc AssociateEipAddress AllocationId=$eip InstanceId=$nat InstanceType=Nat",
        )
        .await;
    for number in numbers() {
        story.tell(&OF_ONE.replace('%', &number)).await;
    }
    let (_, answer) = story
        .send("ecs", "DescribeInstances", &[("PageSize", "100")])
        .await;
    let all = answer["Instances"]["Instance"].as_array().unwrap().iter();
    let all: Vec<&Value> = all.map(|one| &one["InstanceId"]).collect();
    story.learn("all", &json!(all).to_string());
    story
}

/// The answer to a listing that is asked with something more.
async fn ask(story: &Story, listing: &Listing, more: Parameters<'_>) -> Value {
    let asked = story.fill(listing.asked);
    let mut parameters: Vec<(&str, &str)> = asked
        .split_whitespace()
        .map(|it| it.split_once('=').unwrap())
        .collect();
    parameters.extend(more);
    story
        .send(listing.product, listing.action, &parameters)
        .await
        .1
}

fn ids(listing: &Listing, answer: &Value) -> Vec<String> {
    let path = listing.list.replace('.', "/");
    let items = answer
        .pointer(&format!("/{path}"))
        .and_then(Value::as_array);
    let items = items.unwrap_or_else(|| panic!("{}: {answer}", listing.action));
    items.iter().map(|item| at(item, listing.id)).collect()
}

fn has(listing: &Listing, parameter: &str) -> bool {
    CONTRACT.takes_one(listing.product, listing.action, parameter)
}

fn name(listing: &Listing) -> String {
    format!("{} {}", listing.action, listing.asked)
}

#[tokio::test(start_paused = true)]
async fn numbered_pages_show_everything_once() {
    let story = world().await;
    for listing in LISTINGS.iter().filter(|it| has(it, "PageNumber")) {
        let name = name(listing);
        let first = ask(&story, listing, &[("PageSize", "2"), FIRST]).await;
        let total = first["TotalCount"]
            .as_u64()
            .unwrap_or_else(|| panic!("{name}: {first}"));
        assert!(total as usize >= MANY, "{name} has only {total}");
        let mut seen = Vec::new();
        for number in 1..=total.div_ceil(2) {
            let page = number.to_string();
            let answer = ask(&story, listing, &[("PageSize", "2"), ("PageNumber", &page)]).await;
            // One of the API's answers does not say which page it is.
            if listing.action != "DescribeInstanceRamRole" {
                assert_eq!(answer["PageNumber"], number, "{name}");
                assert_eq!(answer["PageSize"], 2, "{name}");
            }
            assert_eq!(answer["TotalCount"], total, "{name}");
            seen.extend(ids(listing, &answer));
        }
        assert_eq!(seen.len() as u64, total, "{name}: {seen:?}");
        assert_eq!(
            seen.iter().collect::<BTreeSet<_>>().len(),
            seen.len(),
            "{name}: {seen:?}"
        );
        let beyond = ask(&story, listing, &[("PageNumber", "9999")]).await;
        assert_eq!(ids(listing, &beyond), Vec::<String>::new(), "{name}");
        for wrong in [
            [("PageNumber", "0"), ("PageSize", "2")],
            [FIRST, ("PageSize", "0")],
            [FIRST, ("PageSize", "100000")],
            [("PageNumber", "-1"), ("PageSize", "2")],
        ] {
            let answer = ask(&story, listing, &wrong).await;
            assert_eq!(answer["Code"], "InvalidParameter", "{name} {wrong:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn pages_by_token_show_everything_once() {
    let story = world().await;
    for listing in LISTINGS.iter().filter(|it| has(it, "NextToken")) {
        let name = name(listing);
        // Some have pages by token of one size only, which these few do not fill.
        let size: Parameters<'_> = match has(listing, "MaxResults") {
            true => &[("MaxResults", "2")],
            false => &[],
        };
        let (mut seen, mut token, mut pages) = (Vec::new(), String::new(), 0);
        loop {
            let mut more = size.to_vec();
            if !token.is_empty() {
                more.push(("NextToken", &token));
            }
            let answer = ask(&story, listing, &more).await;
            pages += 1;
            let shown = ids(listing, &answer);
            assert!(pages == 1 || !shown.is_empty(), "{name}: a page too many");
            seen.extend(shown);
            token = at(&answer, "NextToken");
            if token.is_empty() {
                break;
            }
        }
        assert!(seen.len() >= MANY, "{name}: {seen:?}");
        assert_eq!(
            seen.iter().collect::<BTreeSet<_>>().len(),
            seen.len(),
            "{name}: {seen:?}"
        );
        if has(listing, "PageNumber") {
            let whole = ask(&story, listing, &[("PageSize", "100")]).await;
            assert_eq!(seen, ids(listing, &whole), "{name}");
        }
        let answer = ask(&story, listing, &[("NextToken", "no-token")]).await;
        let code = answer["Code"].as_str().unwrap_or_default();
        assert!(code.starts_with("Invalid"), "{name}: {answer}");
    }
}

#[test]
fn every_listing_with_pages_is_walked() {
    let paged = ["PageNumber", "NextToken"];
    let emulator = Emulator::open(Options::default()).unwrap();
    let have = emulator.actions().into_iter();
    let have: BTreeSet<_> = have
        // Nothing ever happens to what there is no machine behind.
        .filter(|(_, action)| *action != "DescribeInstanceHistoryEvents")
        .filter(|(product, action)| {
            paged
                .iter()
                .any(|name| CONTRACT.takes_one(product, action, name))
        })
        .collect();
    let walked: BTreeSet<_> = LISTINGS.iter().map(|it| (it.product, it.action)).collect();
    assert_eq!(walked, have);
}
