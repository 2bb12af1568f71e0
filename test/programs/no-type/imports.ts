/** No package.json says what this is, and nothing is awaited at the top: only its imports show that it is a module. */
import { setTimeout as sleep } from 'node:timers/promises';

async function main(text: string): Promise<void> {
  await sleep(1);
  console.log(text);
}

void main('ran');
