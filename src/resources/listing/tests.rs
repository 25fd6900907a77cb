use super::*;

#[test]
fn the_id_is_that_of_terraform() {
    assert_eq!(id(&[]), "0");
    let ids = ["vpc-1".to_owned(), "vpc-2".to_owned()];
    assert_eq!(id(&ids), crc32fast::hash(b"vpc-1-vpc-2-").to_string());
}

#[test]
fn an_output_file_is_warned_about() {
    let arguments = Object::from_iter([("output_file", Value::from("zones.json"))]);
    let problems = output_file(&arguments);
    assert!(problems[0].warning);
    assert_eq!(problems[0].path, "output_file");
    assert!(output_file(&Object::new()).is_empty());
}

#[test]
fn patterns_are_checked() {
    assert!(regex(&Value::from("^ubuntu_22")).is_ok());
    assert!(regex(&Value::from("(")).is_err());
    assert!(regex(&Value::UNKNOWN).is_ok());
}

/// What is added to an object needs one: an answer of another form adds none, and ends nothing.
#[test]
fn what_is_no_object_is_not_kept() {
    static LISTING: objects::Listing = objects::Listing {
        ty: &crate::resources::vpcs::VPCS,
        pages: Pages {
            product: Product::Vpc,
            read: &crate::schema::read_one("DescribeVpcs", "VpcId", "Vpcs.Vpc"),
            size: 50,
        },
        id: "VpcId",
        name: "VpcName",
        sent: &[],
        equal: &[],
        complete: None,
    };
    let vpc = serde_json::json!({ "VpcId": "vpc-1" });
    let mut found = vec![Json::Null, Json::from("vpc-1"), vpc.clone()];
    objects::keep(&LISTING, &Object::new(), &mut found).unwrap();
    assert_eq!(found, [vpc]);
}
