locals {
        a = [
                {
        x = 1
                },
                { y = 2
        }]
   b = merge({
c = 1 }, {
     d = 2
   })
e = foo(
1,
[
2
], {
f = 3
})
    }
