/**
 * The simultaneous exhibition: one master against 24 boards, 5 s for one of her moves, 55 s for an
 * answer, 30 pairs of moves a game. One game after another takes 12 hours; going round from board
 * to board takes one. On the virtual clock both are over at once.
 *
 * What to look for: the master is the one lock that every board waits for. In the second half she
 * never rests.
 */
import { gather, Lock, now, run, sleep } from 'simul';

const BOARDS = 24;
const PAIRS = 30;
const MOVE_MS = 5_000;
const ANSWER_MS = 55_000;
const hours = (ms: number): string => `${ms / 3_600_000} h`;

await run(
  function* main() {
    const master = new Lock({ name: 'the master' });
    let lastMove = 0;

    function* game() {
      for (let pair = 0; pair < PAIRS; pair++) {
        yield* master.acquire();
        yield* sleep(MOVE_MS);
        lastMove = now();
        master.release();
        yield* sleep(ANSWER_MS);
      }
    }

    let start = now();
    for (let board = 0; board < BOARDS; board++) yield* game();
    console.log(`one after another: ${hours(now() - start)}`);

    start = now();
    yield* gather(Array.from({ length: BOARDS }, () => game));
    console.log(
      `going round: ${hours(lastMove - start)}, and ${(now() - lastMove) / 1000} s for the last answer`,
    );
  },
  { clock: 'virtual' },
);
