resource "random_integer" "port" {
  min = 20000
  max = 29999
}

output "port" {
  value = random_integer.port.result
}
