async function f() {
  await null
  const a = 1
  ;[a].forEach(console.log)
  await g()
  ;`t`.length
  const b = async
  console.log(typeof b)
  return
  await never()
}
var async = 1
async function g() { let x = await 1
++x
return x }
f().then(() => g()).then(console.log)
var await = 3
console.log(await)
await
/1/g
