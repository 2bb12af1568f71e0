/** Lists of promises that an `await` gave. */
import { deepEqual, equal } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { NODES, traceProgram } from '../trace-program.ts';

const BEGIN = `const turn = () => new Promise((done) => setImmediate(done));
const save = async (id) => { await turn(); return id; };
const begun = async (ids) => { await turn(); return ids.map((id) => save(id)); };
`;
const FIRST = BEGIN.split('\n').length;

for (const node of NODES) {
  /** Line and length of each list that is told. */
  const told = async (source: string): Promise<string[]> => {
    const { text, stderr } = await traceProgram(BEGIN + source, { node: node.path });
    equal(stderr, '');
    return [...text.matchAll(/ fact .*? site="[^"]*?:(\d+):.*? amount=(\d+) what=list-of-promises/g)].map(
      ([, line, length]) => `${Number(line) - FIRST + 1}: ${length}`,
    );
  };

  describe(`a list of promises that an await gave, on ${node.name}`, () => {
    it('is told where nobody reacts to what is in it', async () => {
      deepEqual(
        await told(`const list = await [1, 2, 3].map(async (id) => save(id)); await turn(); await turn();`),
        ['1: 3'],
      );
      deepEqual(await told(`\nconst list = await begun([1, 2]); await turn(); await turn();`), ['2: 2']);
    });

    it('is none to tell of where somebody awaits it, one by one or in a group', async () => {
      deepEqual(
        await told(`await Promise.all(await begun([1, 2]));
          await Promise.allSettled(await begun([1]));
          await Promise.race(await begun([1, 2]));
          for (const each of await begun([1, 2])) await each;
          for await (const each of await begun([1, 2])) await turn();`),
        [],
      );
    });

    it('is none to tell of where something else reacts to it, or hands it on', async () => {
      deepEqual(
        await told(`(await begun([1, 2])).forEach((each) => each.then(() => {}));
          await Promise.all((await begun([1, 2])).map((each) => each.finally(() => {})));
          const first = async () => (await begun([1]))[0]; await first();
          const list = await begun([1, 2]); await turn(); await turn(); await turn(); await list[1];
          const later = await begun([1]); await new Promise((done) => setTimeout(done, 1300)); await later[0];
          await [1, 2]; await [{}]; await [];`),
        [],
      );
    });
  });
}
