provider "alicloud" {
  region = "cn-hangzhou"
}

data "alicloud_account" "current" {}

output "account_id" {
  value = data.alicloud_account.current.id
}
