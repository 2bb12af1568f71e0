// A pool of two that is asked for a third.
class Pool {
  free = ['a', 'b'];
  waiting = [];
  async take() {
    return this.free.pop() ?? new Promise((resolve) => this.waiting.push(resolve));
  }
  put(item) {
    const waiter = this.waiting.shift();
    if (waiter) waiter(item);
    else this.free.push(item);
  }
}
const pool = new Pool();
async function copy() {
  const from = await pool.take();
  const to = await pool.take();
  pool.put(to);
  const log = await pool.take();
  console.log(from, to, log);
}
copy().then(() => console.log('copied'));
