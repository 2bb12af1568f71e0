// Votes are kept in a file.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = await mkdtemp(join(tmpdir(), 'votes-'));
const file = join(folder, 'votes.json');

async function loadVotes() {
  return JSON.parse(await readFile(file, 'utf8'));
}
async function saveVotes(votes) {
  await writeFile(file, JSON.stringify(votes));
}

let last = Promise.resolve();
function vote(name) {
  last = last.then(() => count(name));
  return last;
}
async function count(name) {
  const votes = await loadVotes();
  votes[name] = (votes[name] ?? 0) + 1;
  await saveVotes(votes);
}

await saveVotes({ tea: 0, coffee: 0 });
await Promise.all([vote('tea'), vote('coffee'), vote('tea')]);
const votes = await loadVotes();
console.log(Object.keys(votes).length);
await rm(folder, { recursive: true });
