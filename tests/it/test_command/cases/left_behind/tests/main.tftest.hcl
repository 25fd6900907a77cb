run "leaves_something" {
}
