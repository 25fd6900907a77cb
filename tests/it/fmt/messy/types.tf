variable "a" { type="string" }
variable "b" {
type="list"
default=[]
}
variable "c" {
  type = "map"
}
variable "d" {
  type = list
}
variable "e" {
  type = map
}
variable "f" {
  type = set
}
variable "g" {
  type = "any"
}
variable "h" {
  type = object({a=string,b=optional(list(string),[])})
}
variable "i" {
  type = "${string}"
  default = "${1}"
  validation {
    type = "string"
    condition=length(var.i)>0
    error_message="no"
  }
}
output "j" {
  type = "string"
}
