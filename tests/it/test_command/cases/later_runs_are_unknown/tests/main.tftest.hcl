run "a" {
  command = plan
  variables { name = run.b.o }
}
run "b" {
  command = plan
}
