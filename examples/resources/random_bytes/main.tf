# A key of 256 bits: in the state, and shown nowhere.
resource "random_bytes" "key" {
  length = 32
}

output "key" {
  value     = random_bytes.key.base64
  sensitive = true
}
