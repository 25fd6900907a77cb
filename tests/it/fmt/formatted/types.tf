variable "a" { type = string }
variable "b" {
  type    = list(string)
  default = []
}
variable "c" {
  type = map(string)
}
variable "d" {
  type = list(any)
}
variable "e" {
  type = map(any)
}
variable "f" {
  type = set(any)
}
variable "g" {
  type = "any"
}
variable "h" {
  type = object({ a = string, b = optional(list(string), []) })
}
variable "i" {
  type    = "${string}"
  default = 1
  validation {
    type          = "string"
    condition     = length(var.i) > 0
    error_message = "no"
  }
}
output "j" {
  type = "string"
}
