/** Values of subjects that are asked for too late, and in time. */
import { deepEqual, equal } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { NODES, traceProgram } from '../trace-program.ts';

/** As in RxJS, so far as the agent looks. */
const SUBJECT = `class Subject { observers = []; isStopped = false;
  next(v) { for (const o of [...this.observers]) o.next(v); }
  complete() { this.isStopped = true; for (const o of this.observers) o.complete(); }
  subscribe(o) { if (this.isStopped) o.complete(); else this.observers.push(o); }
  pipe() { return { source: this, subscribe: (o) => this.subscribe(o) }; } }
class EmptyError extends Error { name = 'EmptyError'; }
const firstValueFrom = (s, c) => new Promise((next, fail) => s.subscribe({ next, complete: () => (c ? next(c.v) : fail(new EmptyError())) }));
const turn = () => new Promise((r) => setImmediate(r)); // rxjs
`;
const FIRST = SUBJECT.split('\n').length;

for (const node of NODES) {
  const late = async (source: string): Promise<string[]> => {
    const { text, stderr } = await traceProgram(SUBJECT + source, { node: node.path });
    equal(stderr, '');
    return [
      ...text.matchAll(/ fact .*? site="[^"]*?:(\d+):.*? text="([^"]*)" .*what=(late-subject|early-event)/g),
    ].map(([, line, name, what]) => `${Number(line) - FIRST + 1} ${name} ${what}`);
  };

  describe(`subjects that are asked too late, on ${node.name}`, () => {
    it('are told where nothing is left to come', async () => {
      const asks = `const s = new Subject(); const ask = async () => { try { await firstValueFrom(s.pipe()); } catch {} };\n`;
      deepEqual(await late(`${asks}s.next(1); s.complete(); await ask();`), [
        '1 sent|s|s.pipe() late-subject',
      ]);
      deepEqual(await late(`${asks}s.complete(); await ask();`), ['1 ended|s|s.pipe() late-subject']);
    });

    it('are told where one value was sent before', async () => {
      deepEqual(await late(`const s = new Subject(); s.next(1); await firstValueFrom(s);`), [
        '1 s early-event',
      ]);
    });

    it('are none where a value is kept, given instead or yet to come', async () => {
      deepEqual(
        await late(`const s = new Subject(); s.next(1); s.complete(); await firstValueFrom(s, { v: 1 });
          const kept = new Subject(); kept._buffer = [1]; kept.next(1); kept.complete();
          try { await firstValueFrom(kept); } catch {}
          const t = new Subject(); const v = firstValueFrom(t); t.next(1); await v;`),
        [],
      );
    });
  });
}
