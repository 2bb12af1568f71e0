// Uploads in parallel; when one fails the folder is removed.
import { setTimeout as delay } from 'node:timers/promises';

const folder = { files: [], removed: false };
async function put(name) {
  await delay(12);
  if (folder.removed) console.log('late', name);
  else folder.files.push(name);
}
async function upload(user) {
  for (let i = 0; i < 4; i++) {
    if (user === 'mallory' && i === 1) throw new Error('no quota');
    await put(`${user}-${i}`);
  }
}
try {
  await Promise.all([upload('ann'), upload('mallory'), upload('bob')]);
} catch (error) {
  console.log(error.message);
}
folder.removed = true;
await delay(80);
