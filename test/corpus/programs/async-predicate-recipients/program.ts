// A letter goes to those who want it.
import { setTimeout as sleep } from 'node:timers/promises';

interface Person {
  readonly name: string;
  readonly wants: boolean;
}

const people: Person[] = ['Ada', 'Bob', 'Cleo', 'Dan'].map((name, i) => ({ name, wants: i % 2 === 0 }));

async function wantsLetter(person: Person): Promise<boolean> {
  await sleep(10);
  return person.wants;
}

async function send(to: readonly Person[]): Promise<string[]> {
  const chosen = to.filter(wantsLetter).map(({ name }) => name.toUpperCase());
  await sleep(30);
  return chosen;
}

console.log(await send(people));
