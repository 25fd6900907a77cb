moved {
  from = a.b
  to   = a.c["x"]
}
import {
  to = a.b
  id = "x"
}
removed {
  from = a.b
  lifecycle {
    destroy = false
  }
}
check "x" {
  data "http" "y" {
    url = "z"
  }
  assert {
    condition     = data.http.y.status_code == 200
    error_message = "${data.http.y.url} failed"
  }
}
