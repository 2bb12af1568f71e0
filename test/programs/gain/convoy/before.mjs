// gain: split db
import { gather, Lock, run, sleep } from 'simul';

const db = new Lock({ name: 'db' });

async function save() {
  await db.with(async () => sleep(40));
}

await run(async () => {
  await gather(Array.from({ length: 5 }, () => save));
});
console.log('saved');
