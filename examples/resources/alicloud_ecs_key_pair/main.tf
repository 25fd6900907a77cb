provider "alicloud" {
  region = "cn-hangzhou"
}

# A new pair. Its private key is told once, and goes to this file alone.
resource "alicloud_ecs_key_pair" "new" {
  key_pair_name = "deploy"
  key_file      = "deploy.pem"

  tags = {
    team = "platform"
  }
}

# A pair that you made yourself, as with ssh-keygen: only the public key leaves your machine.
resource "alicloud_ecs_key_pair" "own" {
  key_pair_name = "admin"
  public_key    = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJd5dYbVhY2rqWb3GmQJdfxQyXhLq1rXyWm3mW9j6X0p admin@example.com"
}
