locals {
aaaaaaa=1
b=<<E
E
c=2
dddd=<<-E
  ${foo({
a=1
})}
  E
e=[<<E
x
E
]
fff=4
}
