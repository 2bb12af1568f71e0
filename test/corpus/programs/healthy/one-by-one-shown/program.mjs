// A chat that is shown in its order.
import { setTimeout as delay } from 'node:timers/promises';

async function answer(question) {
  await delay(25);
  return `${question}? yes`;
}
async function talk(questions) {
  for (const question of questions) {
    const text = await answer(question);
    console.log(text);
  }
}
await talk(['one', 'two', 'three', 'four']);
