// Answers that are kept in places that all runs share, with what statements around them allow

const view = { rows: null, log: [] }
let latest
const turns = async (count) => {
  for (let i = 0; i < count; i++) await null
}
const ask = async (count, what) => (await turns(count), what)

class Page {
  #shown = ''
  set shown(text) {
    view.log.push(`set ${text}`)
    this.#shown = text
  }
  get shown() {
    return this.#shown
  }
  async show(count, what) {
    const answer = await ask(count, what)
    this.shown = answer
    this.title = answer.toUpperCase(), this.count = answer.length
  }
}
async function keep(count, what) {
  latest = await ask(count, what)
  view.rows = latest
  ;[view.first] = latest
}
function then(count, what) {
  return ask(count, what).then((answer) => {
    view.then = answer
    view.fn = () => answer
    return answer
  })
}
const page = new Page()
await Promise.all([page.show(30, 'old'), turns(10).then(() => page.show(1, 'new')), keep(20, 'first'), keep(5, 'second')])
console.log(page.shown, page.title, page.count, latest, view.rows, view.first, view.log)
console.log(await Promise.all([then(8, 'slow'), then(1, 'quick')]), view.then, view.fn.name, view.fn())
for (const fails of [
  async (given) => { Object.freeze(view).rows = await ask(1, given) },
  async (given) => { nowhere.rows = await ask(1, given) },
  async (given) => { undefined.rows = await ask(1, given) },
]) await fails(1).catch((error) => console.log(error.message))
console.log(keep.toString(), then.toString())
