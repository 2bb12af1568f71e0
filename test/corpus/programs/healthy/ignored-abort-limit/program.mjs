// A limit for the request alone: what comes after it goes on.
import { setTimeout as sleep } from 'node:timers/promises';

async function ask(question, { signal }) {
  await sleep(20, undefined, { signal });
  return `answer to ${question}`;
}

async function report(questions, signal) {
  const either = AbortSignal.any([signal, AbortSignal.timeout(5000)]);
  const answer = await ask(questions[0], { signal: either });
  for (let i = 0; i < 8; i++) await sleep(40);
  return answer;
}

const limit = new AbortController();
const timer = setTimeout(() => limit.abort(), 100);
console.log(await report(['why'], limit.signal));
clearTimeout(timer);
