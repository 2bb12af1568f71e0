// The page of the person who was chosen last.
import { setTimeout as sleep } from 'node:timers/promises';

async function fetchPerson(id: number): Promise<{ id: number; name: string }> {
  await sleep(id === 1 ? 250 : 40);
  return { id, name: `person ${id}` };
}

class Page {
  person: { id: number; name: string } | null = null;
  chosen = 0;

  async choose(id: number): Promise<void> {
    this.chosen = id;
    this.person = await fetchPerson(id);
  }
}

const page = new Page();
void page.choose(1);
await sleep(50);
await page.choose(2);
await sleep(300);
console.log('chosen', page.chosen, 'shown', page.person?.name);
