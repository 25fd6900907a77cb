//! Dry runs: every action that has one says that it would have been done, and has done nothing.

use std::collections::BTreeSet;

use super::story::Story;
use super::*;
use crate::support::contract::CONTRACT;

/// A world with something for every action to be done to.
const WORLD: &str = r#"
    ecs CreateInstance $order                          -> stopped = InstanceId
    ecs RunInstances $order                            -> running = InstanceIdSets.InstanceIdSet.0
    ecs DescribeDisks InstanceId=$stopped              -> disk = Disks.Disk.0.DiskId
    ecs CreateSnapshot DiskId=$disk                    -> snapshot = SnapshotId
    ecs CreateImage SnapshotId=$snapshot               -> own = ImageId
    vpc CreateVpc                                      -> empty_vpc = VpcId
    vpc CreateVSwitch VpcId=$vpc ZoneId=cn-hangzhou-h CidrBlock=10.2.0.0/24   -> empty = VSwitchId
    vpc CreateVSwitch VpcId=$vpc ZoneId=cn-hangzhou-h CidrBlock=10.3.0.0/24   -> spare = VSwitchId
    vpc DescribeRouteTableList VpcId=$vpc              -> table = RouterTableList.RouterTableListType.0.RouteTableId
    vpc CreateRouteEntry RouteTableId=$table DestinationCidrBlock=172.16.0.0/16 NextHopType=Instance NextHopId=$running
    vpc DescribeRouteEntryList RouteTableId=$table RouteEntryType=Custom      -> route = RouteEntrys.RouteEntry.0.RouteEntryId
    vpc CreateNatGateway VpcId=$vpc VSwitchId=$empty NatType=Enhanced         -> nat = NatGatewayId, snat_table = SnatTableIds.SnatTableId.0
    vpc AllocateEipAddress                             -> eip = AllocationId, address = EipAddress
    vpc AssociateEipAddress AllocationId=$eip InstanceId=$nat InstanceType=Nat
    vpc CreateSnatEntry SnatTableId=$snat_table SourceVSwitchId=$vswitch SnatIp=$address -> snat = SnatEntryId
"#;

/// The dry runs. What they are about is as it has to be for the deed.
const RUNS: &str = r#"
    ecs CreateInstance $order
    ecs RunInstances $order
    ecs StartInstance InstanceId=$stopped
    ecs StopInstance InstanceId=$running
    ecs RebootInstance InstanceId=$running
    ecs StartInstances InstanceId.1=$stopped
    ecs StopInstances InstanceId.1=$running
    ecs RebootInstances InstanceId.1=$running
    ecs ResetDisk DiskId=$disk SnapshotId=$snapshot
    ecs DeleteInstance InstanceId=$stopped
    ecs DeleteInstances InstanceId.1=$stopped
    ecs ModifyInstanceSpec InstanceId=$stopped InstanceType=ecs.g7.xlarge
    ecs ModifyInstanceChargeType InstanceIds=["$running"] InstanceChargeType=PrePaid Period=1
    ecs ModifyDiskSpec DiskId=$disk PerformanceLevel=PL2
    ecs CreateImage SnapshotId=$snapshot
    ecs CopyImage ImageId=$own DestinationRegionId=cn-beijing
    ecs ModifyImageAttribute ImageId=$own ImageName=renamed
    ecs ModifyImageSharePermission ImageId=$own AddAccount.1=2222222222222222
    ecs DeleteImage ImageId=$own
    ecs DescribeInstances
    ecs DescribeDisks
    ecs DescribeImages
    ecs DescribeSnapshots
    ecs DescribeSecurityGroups
    vpc CreateVpc
    vpc DeleteVpc VpcId=$empty_vpc
    vpc DescribeVpcs
    vpc DescribeVpcAttribute VpcId=$empty_vpc
    vpc DeleteVSwitch VSwitchId=$spare
    vpc DescribeVSwitches
    vpc DescribeVSwitchAttributes VSwitchId=$empty
    vpc CreateRouteEntry RouteTableId=$table DestinationCidrBlock=172.17.0.0/16 NextHopType=Instance NextHopId=$running
    vpc ModifyRouteEntry RouteEntryId=$route RouteEntryName=renamed
    vpc DeleteRouteEntry RouteEntryId=$route
    vpc DescribeNatGateways
    vpc DescribeEipAddresses
    vpc CreateSnatEntry SnatTableId=$snat_table SourceVSwitchId=$spare SnatIp=$address
    vpc ModifySnatEntry SnatTableId=$snat_table SnatEntryId=$snat SnatEntryName=renamed
"#;

/// Actions that answer something else than a refusal to a dry run, or have nothing to be tried on.
const OTHERWISE: &[(&str, &str)] = &[
    ("kms", "Encrypt"),
    ("kms", "Decrypt"),
    ("vpc", "UpdateNatGatewayNatType"),
];

#[tokio::test(start_paused = true)]
async fn a_dry_run_says_so_and_does_nothing() {
    let mut story = Story::networked(Profile::Instant).await;
    story.tell(WORLD).await;
    for line in RUNS.lines().map(str::trim).filter(|line| !line.is_empty()) {
        story
            .tell(&format!("{line} DryRun=true !! DryRunOperation"))
            .await;
    }
}

#[test]
fn every_dry_run_is_tried() {
    let emulator = Emulator::open(Options::default()).unwrap();
    let have = emulator.actions().into_iter();
    let have: BTreeSet<_> = have
        .filter(|(product, action)| CONTRACT.takes_one(product, action, "DryRun"))
        .filter(|it| !OTHERWISE.contains(it))
        .collect();
    let tried: BTreeSet<(&str, &str)> = RUNS
        .lines()
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            Some((words.next()?, words.next()?))
        })
        .collect();
    assert_eq!(tried, have);
}
