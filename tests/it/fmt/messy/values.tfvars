region="cn-hangzhou"
instance_count=3
tags={
Name="x"
  env   = "prod" # yes
}
list=["a","b",
"c"]
big="${1}"
