//! Load balancers.

use super::*;

const SIZE: (&str, &str) = ("LoadBalancerSpec", "slb.s1.small");

#[tokio::test]
async fn balancers_are_made_as_they_are_sold() {
    let service = Service::instant().await;
    let network = network(&service).await;
    let vswitch = ("VSwitchId", network.vswitch.as_str());
    let bandwidth = ("InternetChargeType", "paybybandwidth");
    let prepaid = [
        ("PayType", "PrePay"),
        ("Duration", "1"),
        ("AutoPay", "true"),
    ];
    let with = |more: &[(&'static str, &'static str)]| [&prepaid[..], &[SIZE], more].concat();
    for (order, code) in [
        (vec![], "ShareSlbHaltSales"),
        (
            vec![("LoadBalancerSpec", "slb.s9.small")],
            "InvalidParameter",
        ),
        (vec![SIZE, ("AddressType", "public")], "InvalidParameter"),
        (
            vec![SIZE, ("AddressType", "intranet")],
            "MissingParam.VSwitchId",
        ),
        (vec![SIZE, ("VSwitchId", "vsw-none")], "VSwitchNotExist"),
        (
            vec![SIZE, vswitch, ("VpcId", "vpc-none")],
            "InvalidVpcId.NotExist",
        ),
        (
            vec![SIZE, vswitch, ("Address", "10.9.0.1")],
            "InvalidParameter",
        ),
        (
            vec![SIZE, vswitch, ("AddressIPVersion", "ipv6")],
            "InvalidParameter.Mismatch",
        ),
        (vec![SIZE, bandwidth], "InvalidParameter.Bandwidth"),
        (
            vec![SIZE, bandwidth, ("Bandwidth", "5121")],
            "InvalidParameter.Bandwidth",
        ),
        (
            vec![
                ("InstanceChargeType", "PayByCLCU"),
                bandwidth,
                ("Bandwidth", "5"),
            ],
            "Instance.InternetChargeTypeNotAllowed",
        ),
        (with(&[]), "Operation.NotAllowed"),
        (
            with(&[("InstanceChargeType", "PayByCLCU")]),
            "IllegalParam.InstanceChargeType",
        ),
        (
            with(&[bandwidth, ("Bandwidth", "5"), ("PricingCycle", "Month")]),
            "InvalidParameter",
        ),
        (
            with(&[bandwidth, ("Bandwidth", "5"), ("DeleteProtection", "on")]),
            "OperationUnsupported.DeleteProtectionForPrePayInstance",
        ),
        (
            vec![SIZE, ("ModificationProtectionStatus", "All")],
            "InvalidParam.ModificationProtectionStatus",
        ),
        (
            vec![SIZE, ("MasterZoneId", "cn-shanghai-a")],
            "OperationFailed.ZoneResourceLimit",
        ),
        (vec![SIZE, ("LoadBalancerName", "a b")], "InvalidParameter"),
    ] {
        let refused = service.refused(SLB, "CreateLoadBalancer", &order).await;
        assert_eq!(refused, code, "{order:?}");
    }
    let unpaid = [
        SIZE,
        bandwidth,
        ("Bandwidth", "5"),
        ("PayType", "PrePay"),
        ("Duration", "1"),
    ];
    let order = service.slb("CreateLoadBalancer", &unpaid).await;
    assert!(order["OrderId"].is_u64() && order["LoadBalancerId"].is_null());
    assert_eq!(service.emulator.world()["load_balancers"], json!([]));
    service.end().await;
}

#[tokio::test]
async fn a_balancer_is_made_once_and_told_in_two_ways() {
    let service = Service::instant().await;
    let order = [SIZE, ("ClientToken", "token-1"), ("Tag.1.Key", "a")];
    let made = service.slb("CreateLoadBalancer", &order).await;
    let again = service.slb("CreateLoadBalancer", &order).await;
    assert_eq!(made["LoadBalancerId"], again["LoadBalancerId"]);
    let id = text(&made, "LoadBalancerId");
    assert_eq!(text(&made, "LoadBalancerName"), id);
    let it = ("LoadBalancerId", id.as_str());
    let one = service.slb("DescribeLoadBalancerAttribute", &[it]).await;
    let page = service.slb("DescribeLoadBalancers", &[it]).await;
    let listed = &page["LoadBalancers"]["LoadBalancer"][0];
    assert_eq!(one["InternetChargeType"], "paybytraffic");
    assert_eq!(listed["InternetChargeType"], "4");
    assert_eq!(listed["InternetChargeTypeAlias"], "paybytraffic");
    for field in ["Address", "LoadBalancerSpec", "MasterZoneId", "Tags"] {
        assert_eq!(one[field], listed[field]);
    }
    let kind = ("ResourceType", "instance");
    let tags = [kind, ("ResourceId.1", id.as_str())];
    let told = service.slb("ListTagResources", &tags).await;
    assert_eq!(told["TagResources"]["TagResource"][0]["TagKey"], "a");
    let refused = async |action, given: &[(&str, &str)]| service.refused(SLB, action, given).await;
    assert_eq!(
        refused("DescribeLoadBalancers", &[("PageSize", "10")]).await,
        "MissingParameter"
    );
    let eleven = ["lb-1"; 11].join(",");
    assert_eq!(
        refused("DescribeLoadBalancers", &[("LoadBalancerId", &eleven)]).await,
        "InvalidParameter"
    );
    let none = ("LoadBalancerId", "lb-none");
    let page = service.slb("DescribeLoadBalancers", &[none]).await;
    assert_eq!(page["TotalCount"], 0);
    assert_eq!(
        refused("DescribeLoadBalancerAttribute", &[none]).await,
        "InvalidLoadBalancerId.NotFound"
    );
    service.end().await;
}

#[tokio::test]
async fn a_balancer_changes_as_far_as_its_payment_lets_it() {
    let service = Service::instant().await;
    let made = service.slb("CreateLoadBalancer", &[SIZE]).await;
    let id = text(&made, "LoadBalancerId");
    let it = ("LoadBalancerId", id.as_str());
    let refused = async |action, given: &[(&str, &str)]| service.refused(SLB, action, given).await;
    let on = [it, ("DeleteProtection", "on")];
    service.slb("SetLoadBalancerDeleteProtection", &on).await;
    assert_eq!(
        refused("DeleteLoadBalancer", &[it]).await,
        "OperationDenied.DeleteProtectionIsOn"
    );
    let locked = [it, ("LoadBalancerStatus", "locked")];
    assert_eq!(
        refused("SetLoadBalancerStatus", &locked).await,
        "InvalidParameter"
    );
    let bought = [
        it,
        ("PayType", "PrePay"),
        ("Duration", "1"),
        ("AutoPay", "true"),
    ];
    assert_eq!(
        refused("ModifyLoadBalancerPayType", &bought).await,
        "Operation.NotAllowed"
    );
    let by = |word: &'static str| [it, ("InstanceChargeType", word)];
    assert_eq!(
        refused("ModifyLoadBalancerInstanceChargeType", &by("PayBySpec")).await,
        "OperationDenied.PayBySpec"
    );
    service
        .slb("ModifyLoadBalancerInstanceChargeType", &by("PayByCLCU"))
        .await;
    let bandwidth = [
        it,
        ("InternetChargeType", "paybybandwidth"),
        ("Bandwidth", "5"),
    ];
    for (action, given, code) in [
        (
            "ModifyLoadBalancerInstanceChargeType",
            &by("PayBySpec")[..],
            "Forbidden.LcuToSpec",
        ),
        (
            "ModifyLoadBalancerInstanceSpec",
            &[it, SIZE],
            "OperationDenied.PayByCLCU",
        ),
        (
            "ModifyLoadBalancerInternetSpec",
            &bandwidth,
            "OperationDenied.PayByCLCU",
        ),
        (
            "ModifyLoadBalancerPayType",
            &bought,
            "OperationDenied.PayByCLCU",
        ),
    ] {
        assert_eq!(refused(action, given).await, code, "{action}");
    }
    let off = [it, ("DeleteProtection", "off")];
    service.slb("SetLoadBalancerDeleteProtection", &off).await;
    service.slb("DeleteLoadBalancer", &[it]).await;
    assert_eq!(
        refused("DeleteLoadBalancer", &[it]).await,
        "InvalidLoadBalancerId.NotFound"
    );
    service.end().await;
}

#[tokio::test]
async fn a_balancer_holds_its_address_and_its_vswitch() {
    let service = Service::instant().await;
    let network = network(&service).await;
    let vswitch = ("VSwitchId", network.vswitch.as_str());
    let place = [SIZE, vswitch, ("Address", "10.1.0.9")];
    let made = service.slb("CreateLoadBalancer", &place).await;
    assert_eq!(made["VpcId"], network.vpc.as_str());
    assert_eq!(made["NetworkType"], "vpc");
    let refused = service.refused(SLB, "CreateLoadBalancer", &place).await;
    assert_eq!(refused, "AllocateVpcInstanceFailed");
    let refused = service.refused(VPC, "DeleteVSwitch", &[vswitch]).await;
    assert_eq!(refused, "DependencyViolation");
    let id = text(&made, "LoadBalancerId");
    service
        .slb("DeleteLoadBalancer", &[("LoadBalancerId", &id)])
        .await;
    service.vpc("DeleteVSwitch", &[vswitch]).await;
    service.end().await;
}
