variables {
a=1
}
run "first" {
command=plan
assert {
condition=output.x=="1"
error_message="no"
}
}
