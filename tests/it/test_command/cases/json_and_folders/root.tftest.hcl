run "root" {
  command = plan
}
