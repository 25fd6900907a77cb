provider "alicloud" {
region="cn-hangzhou"
assume_role {role_arn="x"}
}
