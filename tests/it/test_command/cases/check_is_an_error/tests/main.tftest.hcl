run "check_warns" {
  variables { size = 5 }
}
run "unexpected_apply" {
  variables { size = 11 }
}
run "after" {
}
