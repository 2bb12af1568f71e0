// Each file of a folder is a command.
import { readdir } from 'node:fs/promises';

export const version = '2.1';
const folder = new URL('./commands/', import.meta.url);
const commands = new Map();
for (const name of await readdir(folder)) {
  const { run } = await import(new URL(name, folder));
  commands.set(name, run);
}
for (const [name, run] of commands) console.log(name, run());
