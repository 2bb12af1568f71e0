// Players of a game report their points; a board keeps the sum and the number of games.
import { setTimeout as delay } from 'node:timers/promises';

const kept = new Map([['chess', { games: 0, points: 0 }]]);
async function findBoard(game) {
  await delay(10);
  return structuredClone(kept.get(game));
}
async function updateBoard(game, board) {
  await delay(5);
  kept.set(game, structuredClone(board));
}

function createPlayer(name) {
  return {
    name,
    async report(game, points) {
      const board = await findBoard(game);
      board.games += 1;
      board.points += points;
      if (points > 100) console.log(`${name} is good at ${game}`);
      await updateBoard(game, board);
    },
  };
}

const [ada, bob] = ['ada', 'bob'].map((name) => createPlayer(name));
await ada.report('chess', 30);
await Promise.all([ada.report('chess', 120), bob.report('chess', 80)]);
console.log(kept.size);
