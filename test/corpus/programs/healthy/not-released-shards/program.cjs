// A cache in shards, each with a lock.
const { Mutex } = require('async-mutex');
const { setTimeout: delay } = require('node:timers/promises');

const shards = [0, 1, 2].map((id) => ({ id, lock: new Mutex(), rows: [] }));

async function add(key, value) {
  const shard = shards[key % shards.length];
  const release = await shard.lock.acquire();
  shard.rows.push(value);
  release();
}

async function flush(shard) {
  const release = await shard.lock.acquire();
  try {
    await delay(5);
    const text = JSON.stringify(shard.rows);
    shard.rows = [];
    return text.length;
  } finally {
    release();
  }
}

async function main() {
  for (let key = 0; key < 5; key++) await add(key, BigInt(key === 4 ? 4 : 0) === 4n ? 4n : key);
  for (const shard of shards) await flush(shard).catch((error) => console.log(error.message));
  for (let key = 0; key < 3; key++) await add(key, key);
  console.log('added');
}
main();
