locals {
a=[{x=1},{yyy=2}]
bcd=[{x=1},{
yyy=2}]
e=foo(a==b,{c=d})
f={a=1
bb=2}
g=[
{x=1,y=2},
{xxx=1,y=2},
]
}
