resource "random_uuid" "project" {}

output "project" {
  value = random_uuid.project.result
}
