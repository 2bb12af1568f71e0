/** No package.json says what this is and nothing awaits at the top: only imports show a module. */
import { setTimeout as sleep } from 'node:timers/promises';

async function main(text: string): Promise<void> {
  await sleep(1);
  console.log(text);
}

void main('ran');
