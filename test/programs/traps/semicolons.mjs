// Lines that end without semicolons, before and after everything that is inserted
const f = async () => 1
const g = async () => await f()
let a = await f()
const b = async x => x
[a] = [await b(2)]
async function h() { return }
async function i() {
  if (a) return
  else return await 1
}
async function j() { do await f(); while (await !1) return await 3 }
async function k() { const t = `a${await f()}b${await `${await g()}`}`
  return t }
console.log(await h(), await i(), await j(), await k(), a)
await f(), console.log('comma')
const o = { async m() { await 0 } }
o.m()
;[await 1].map(async (x) => { console.log(x) })
await 0
