// 200 tasks, a queue bounded at 64, timers, 15 µs of CPU a job. Prints the CPU time in µs. A
// warm-up before that is long enough for the engine to compile what is hot; start-up is measured
// elsewhere.
const ROUNDS = Number(process.argv[2] ?? 200);
const WARM_UP = 60;

function work(us) {
  const until = performance.now() + us / 1000;
  let x = 0;
  while (performance.now() < until) x++;
  return x;
}

class Queue {
  items = [];
  getters = [];
  putters = [];

  async put(item) {
    while (this.items.length >= 64) await new Promise((resolve) => this.putters.push(resolve));
    this.items.push(item);
    this.getters.shift()?.();
  }

  async get() {
    while (this.items.length === 0) await new Promise((resolve) => this.getters.push(resolve));
    const item = this.items.shift();
    this.putters.shift()?.();
    return item;
  }
}

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function producer(queue, rounds) {
  for (let i = 0; i < rounds; i++) {
    work(15);
    await queue.put(i);
    if (i % 10 === 0) await sleep(1);
  }
}

async function job(item) {
  work(15);
  await Promise.resolve();
  return item;
}

async function consumer(queue, rounds) {
  let sum = 0;
  for (let i = 0; i < rounds; i++) sum += await job(await queue.get());
  return sum;
}

async function load(rounds) {
  const queue = new Queue();
  const tasks = [];
  for (let i = 0; i < 100; i++) tasks.push(producer(queue, rounds), consumer(queue, rounds));
  await Promise.all(tasks);
}

await load(WARM_UP);
const before = process.cpuUsage();
await load(ROUNDS);
const { user, system } = process.cpuUsage(before);
console.log(user + system);
