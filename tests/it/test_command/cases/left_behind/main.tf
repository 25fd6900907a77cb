resource "terraform_data" "x" {
  provisioner "local-exec" {
    when = destroy
    command = "exit 3"
  }
}
resource "terraform_data" "y" {}
