// What is meant to go on by itself says so.
import { setTimeout as delay } from 'node:timers/promises';

async function warmCache(): Promise<void> {
  await delay(60);
}
async function audit(text: string): Promise<void> {
  await delay(40);
  if (text === '') throw new Error('nothing to write');
}
async function serve(): Promise<string> {
  void warmCache();
  audit('').catch((error: Error) => console.log('audit:', error.message));
  await delay(10);
  return 'served';
}
console.log(await serve());
