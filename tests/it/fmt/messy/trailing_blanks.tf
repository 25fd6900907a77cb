locals {   
  a = 1   
}   
   
   