# What the expressions beside this directory refer to.

variable "text" {
  default = "hello"
}

variable "no_text" {
  type    = string
  default = null
}

variable "unset" {
  type = string
}

variable "unset_number" {
  type = number
}

variable "unset_list" {
  type = list(string)
}

variable "unset_map" {
  type = map(number)
}

variable "unset_object" {
  type = object({ a = string, b = list(number) })
}

variable "unset_any" {}

variable "secret" {
  sensitive = true
  default   = "s3cret"
}

variable "secrets" {
  type      = map(string)
  sensitive = true
  default   = { a = "x" }
}

variable "object" {
  type = object({
    a = string
    b = optional(number, 5)
    c = optional(list(string))
    d = optional(bool)
    e = optional(object({ f = optional(string, "inner") }), {})
  })
  default = { a = "x", extra = 1 }
}

variable "disks" {
  type = list(object({
    name = string
    size = optional(number, 20)
    kind = optional(string)
  }))
  default = [{ name = "a" }, { name = "b", size = 40, kind = "essd" }]
}

variable "ports" {
  type    = set(number)
  default = [443, 80, 8080]
}

variable "names" {
  type    = list(string)
  default = ["web", "db", null]
}

variable "tags" {
  type    = map(string)
  default = { env = "prod", count = 3, on = true, none = null }
}

variable "pair" {
  type    = tuple([string, number])
  default = [1, "2"]
}

variable "anything" {
  type    = any
  default = [{ a = 1 }, { a = 2 }]
}

variable "anything_mixed" {
  type    = any
  default = [1, "a", true]
}

variable "nested" {
  type    = map(list(object({ id = number })))
  default = { x = [{ id = 1 }, { id = 2 }], y = [] }
}

variable "empty_list" {
  type    = list(string)
  default = []
}

variable "empty_map" {
  type    = map(number)
  default = {}
}

locals {
  heredoc = <<EOT
hello
  ${var.text} world
EOT

  indented = <<-EOT
    one
      two ${1 + 1}
    three
  EOT

  indented_blank = <<-EOT
    one

      two
  EOT

  directives = <<-EOT
    %{for name in ["a", "b"]}
    server ${name}
    %{endfor}
  EOT

  stripped = <<-EOT
    %{for name in ["a", "b"]~}
    server ${name}
    %{endfor~}
  EOT

  conditional = <<-EOT
    %{if var.text == "hello"}yes%{else}no%{endif}
    %{if false~}
    never
    %{~endif}
    end
  EOT

  escaped = <<EOT
$${literal} %%{literal} "quoted" \n back\slash
EOT

  stripped_both = "a   ${~"b"~}   c"

  nested = {
    list = [for i in range(3) : { index = i, square = i * i }]
    text = "t"
    none = null
  }

  deep = { a = { b = { c = [1, [2, { d = "found" }]] } } }

  users = [
    { name = "ann", role = "admin", groups = ["a", "b"] },
    { name = "bob", role = "user", groups = [] },
    { name = "cat", role = "user", groups = ["b"] },
  ]

  multi_line_call = max(
    1, # a comment
    5, // another
    3, /* and one more */
  )

  multi_line_condition = (
    true
    ? "yes"
    : "no"
  )
}

resource "terraform_data" "one" {
  input = { a = "x", b = [1, 2], c = null }
}

resource "terraform_data" "many" {
  count = 2
  input = "number ${count.index}"
}

resource "terraform_data" "each" {
  for_each = { k = "v", l = "w" }
  input    = each.value
}

resource "terraform_data" "later" {
  input = "not applied"
}
