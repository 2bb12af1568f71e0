/**
 * Starts the server as it is told, asks it, and prints each answer as a line:
 *
 *   node ask.mjs node -r ts-node/register src/main.ts
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

const KEY = { 'x-key': 'key', 'content-type': 'application/json' };
const REQUESTS = [
  ['GET', '/tasks'],
  ['POST', '/tasks', KEY, { titles: ['one', 'two', 'three'] }],
  ['POST', '/tasks', {}, { titles: ['four'] }],
  ['GET', '/tasks'],
  ['GET', '/tasks/2'],
  ['GET', '/tasks/9'],
  ['GET', '/tasks/x'],
  ['GET', '/tasks/none'],
  ['GET', '/hello?name=you'],
  ['GET', '/hello'],
  ['GET', '/broken'],
  ['GET', '/types'],
  ['GET', '/nowhere'],
];

const [command, ...args] = process.argv.slice(2);
const server = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
const ended = once(server, 'close');
let url;
for await (const line of createInterface(server.stdout)) {
  url = /^http:\S+/.exec(line)?.[0];
  if (url !== undefined) break;
  console.log(`# ${line}`);
}
if (url !== undefined) {
  for (const [i, [method, path, headers, body]] of REQUESTS.entries()) {
    const sent = body === undefined ? undefined : JSON.stringify(body);
    const answer = await fetch(url + path, { method, headers, body: sent });
    console.log(`ok ${i + 1} - ${method} ${path}: ${answer.status} ${await answer.text()}`);
  }
  server.kill('SIGTERM');
}
const [status, signal] = await ended;
console.log(`# ended with ${signal ?? status}`);
