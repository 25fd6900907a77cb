# Two zones of three, which stay the same ones.
resource "random_shuffle" "zones" {
  input        = ["cn-hangzhou-h", "cn-hangzhou-i", "cn-hangzhou-j"]
  result_count = 2
}

output "zones" {
  value = random_shuffle.zones.result
}
