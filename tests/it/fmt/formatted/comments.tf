#top
//second
/* third */
variable "a" {}                  # no alignment? 
variable "bcd" { type = string } // x
locals {
  a    = 1 # one
  bbbb = 2 // two
  cc   = 3 /* three */
  # between
  d = 4 #four
  e = [ # open
    1,  # first
    22, #second
  ]     # close
  f = /* inner */ 5 /* after */
}
