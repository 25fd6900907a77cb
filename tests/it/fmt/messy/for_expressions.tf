locals {
a=[for x in y:x]
b=[for k,v in y:v if v!=null]
c={for k,v in y:k=>v}
d={for k , v in y : k => v... if v}
e=[for x in [1,2]:x]
f = [
for x in y:
x
if x
]
g={
for k,v in {a=1}:
k=>{
x=v
}
}
h=[ for s in toset( ["a"] ) : upper( s ) ]
}
