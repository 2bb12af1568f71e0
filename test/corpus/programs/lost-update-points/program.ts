// Points of players, kept in a repository.
import { setTimeout as delay } from 'node:timers/promises';

class Scores {
  readonly #points = new Map<string, number>();
  async loadPoints(player: string): Promise<number> {
    await delay(3);
    return this.#points.get(player) ?? 0;
  }
  async savePoints(player: string, points: number): Promise<void> {
    await delay(3);
    this.#points.set(player, points);
  }
}

const scores = new Scores();
async function score(player: string, points: number): Promise<void> {
  const before = await scores.loadPoints(player);
  await scores.savePoints(player, before + points);
}

async function main(): Promise<void> {
  await Promise.all([score('ada', 1), score('ada', 2), score('bob', 1), score('ada', 3)]);
  console.log(await scores.loadPoints('ada'));
}
void main();
