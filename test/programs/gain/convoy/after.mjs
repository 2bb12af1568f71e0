import { gather, Lock, run, sleep } from 'simul';

async function save(db) {
  await db.with(async () => sleep(40));
}

await run(async () => {
  await gather(Array.from({ length: 5 }, (_, i) => () => save(new Lock({ name: `db ${i}` }))));
});
console.log('saved');
