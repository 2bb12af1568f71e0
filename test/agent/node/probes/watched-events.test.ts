/** Events that come while a function awaits, and what an emitter looks like meanwhile. */
import { deepEqual, equal } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { NODES, traceProgram } from '../trace-program.ts';

const IMPORTS = `import { EventEmitter, once } from 'node:events';
import { PassThrough } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';\n`;

for (const node of NODES) {
  const trace = async (source: string): Promise<{ late: string[]; stdout: string }> => {
    const { text, stdout, stderr, code } = await traceProgram(IMPORTS + source, { node: node.path });
    equal(stderr, '');
    equal(code, 0);
    const facts = text.matchAll(/ fact (id=\d+ )?site=.* text="([^"]*)" .*amount=(\d+) what=late-listener/g);
    return {
      late: [...facts].map(
        ([, task, name, count]) => `${name} ${count}${task === undefined ? ' awaited' : ''}`,
      ),
      stdout,
    };
  };
  /** Emitted by code without probes, as a package's is. */
  const emit = `const emit = (e, ...args) => EventEmitter.prototype.emit.apply(e, args);\n`;

  describe(`events that come while a function awaits, on ${node.name}`, () => {
    it('are counted, each by its own name and emitter', async () => {
      const { late, stdout } = await trace(`${emit}const heard = [];
        async function listen(e, before) {
          const going = turn(); before(); await going;
          e.on('letter', (n) => heard.push(n)); e.once('bye', () => heard.push('bye'));
        }
        const [a, b] = [new EventEmitter(), new EventEmitter()];
        setImmediate(() => {});
        const both = [listen(a, () => {}), listen(b, () => {})];
        queueMicrotask(() => { emit(a, 'letter', 1); emit(a, 'letter', 2); emit(b, 'other'); });
        await Promise.all(both);
        emit(a, 'letter', 3); emit(a, 'bye'); emit(b, 'letter', 4);
        console.log(heard.join());`);
      deepEqual(late, ['letter 2']);
      equal(stdout, '3,bye,4\n');
    });

    it('are told by the program’s own emit, whose name a variable has, in the same tick', async () => {
      const { late } = await trace(`
        class Client extends EventEmitter {
          receive(messages) { for (const m of messages) this.emit(m.type, m); }
          pass(type) { this.emit(type); }
          async open() {
            await once(this, 'hello');
            return Promise.race([once(this, 'ready'), new Promise((r) => setTimeout(r, 5))]);
          }
        }
        const [a, b, c] = [new Client(), new Client(), new Client()];
        const all = [a.open(), b.open(), c.open()];
        a.receive([{ type: 'hello' }, { type: 'ready' }]);
        b.pass('hello'); b.pass('ready');
        c.receive([{ type: 'hello' }, { get type() { return 'other'; } }]);
        await Promise.all(all);`);
      deepEqual(late, ['ready 1 awaited', 'ready 1 awaited']);
    });

    it('are counted of a name that streams use where something waits for it, or the emitter is none', async () => {
      const { late } = await trace(`${emit}
        async function listens(e) { await turn(); e.on('ready', () => {}); e.on('drain', () => {}); }
        async function waits(e) { await turn(); await Promise.race([once(e, 'drain'), turn()]); }
        const [a, b, c] = [new EventEmitter(), new EventEmitter(), new PassThrough()];
        const all = [listens(a), waits(b), listens(c)];
        for (const e of [a, b, c]) for (const name of ['ready', 'drain']) emit(e, name);
        await Promise.all(all);`);
      deepEqual(late.sort(), ['drain 1 awaited', 'ready 1']);
    });

    it('leave the list of listeners as Node has it', async () => {
      const { late, stdout } = await trace(`
        async function listen(e, looks) {
          const look = turn().then(looks);
          await Promise.all([look]);
          await turn();
          e.on('letter', () => {});
          console.log(JSON.stringify(Object.getOwnPropertyDescriptor(e._events, 'letter') !== undefined), e.eventNames().join());
          console.log(Object.keys(e._events).join(), e.listenerCount('letter'));
          e.off('letter', e.listeners('letter')[0]);
          console.log(e.listenerCount('letter'), e.eventNames().length);
        }
        const e = new EventEmitter();
        await listen(e, () => {
          console.log(e.listenerCount('letter'), e.listeners('letter').length, e.eventNames().length, Object.keys(e._events).length);
        });`);
      deepEqual(late, []);
      equal(stdout, '0 0 0 0\ntrue letter\nletter 1\n0 0\n');
    });

    it('are known of a stream that has ended, where its end is awaited then', async () => {
      const { late } = await trace(`const s = new PassThrough(); s.resume(); s.end('x');
        async function over(stream) {
          await new Promise((resolve) => setTimeout(resolve, 20));
          return Promise.race([once(stream, 'end'), turn('late')]);
        }
        await (async (stream) => { await wait(); await Promise.race([once(stream, 'end'), turn()]); })(s);
        async function wait() { for (let i = 0; i < 20; i++) await turn(); }`);
      deepEqual(late, ['end 1 awaited']);
    });
  });
}
