import { deepEqual } from 'node:assert/strict';
import { describe, it } from 'mocha';
import {
  type CpuProfile,
  looksOf,
  placesOf,
  type ProfileNode,
} from '../../../../runtime/agent/node/holds/profile-places.ts';
import { stretchesOf } from '../../../../runtime/agent/node/holds/profile-stretches.ts';
import { countedUs, timeSharesOf } from '../../../../runtime/agent/node/holds/profile-times.ts';

/** "name script:line" of a frame; without a slash its script is no file of a disk. */
type Stack = readonly string[];
/** A look at a stack, the innermost first, and for how many µs it lasted. */
type Seen = readonly [us: number, ...stack: Stack];

/** A profile as V8 gives it: a tree of calls, and the leaf of each look. */
function profileOf(...seen: readonly Seen[]): CpuProfile {
  const nodes: (ProfileNode & { children: number[] })[] = [];
  const make = (text: string): number => {
    const [, functionName = '', url = '', line = '1'] = /^(.*?)(?: (\S*?\S):(\d+))?$/.exec(text)!;
    const callFrame = { functionName, url, lineNumber: Number(line) - 1, columnNumber: 4 };
    nodes.push({ id: nodes.length + 1, callFrame, children: [] });
    return nodes.length;
  };
  make('(root)');
  const known = new Map<string, number>();
  const samples = seen.map(([, ...stack]) => {
    let at = 1;
    let path = '';
    for (const frame of [...stack].reverse()) {
      path += `${frame} > `;
      let id = known.get(path);
      if (id === undefined) {
        known.set(path, (id = make(frame)));
        nodes[at - 1]!.children.push(id);
      }
      at = id;
    }
    return at;
  });
  const whole = seen.reduce((sum, [us]) => sum + us, 0);
  // The time between two looks stands at the later one.
  const timeDeltas = [0, ...seen.slice(0, -1).map(([us]) => us)];
  return { nodes, samples, timeDeltas, startTime: 1000, endTime: 1000 + whole };
}

const looks = (...seen: readonly Seen[]) =>
  looksOf(
    profileOf(...seen),
    ({ functionName, url, lineNumber, columnNumber }) => ({
      name: functionName,
      script: url,
      file: url.startsWith('/') ? url : null,
      line: lineNumber + 1,
      column: columnNumber + 1,
    }),
    (file) => file.startsWith('/agent/'),
  );

/** "µs: f a.js:3 in gzipSync", the most first. */
const places = (...seen: readonly Seen[]): string[] =>
  placesOf(looks(...seen)).map(({ at, what, us }) =>
    [
      `${us}:`,
      at === null ? '' : `${at.name} ${at.file}:${at.line}`,
      what && (at === null ? what : `in ${what}`),
    ]
      .filter((part) => part !== '')
      .join(' '),
  );

describe('the places of a CPU profile', () => {
  it('are functions of the program by the line on which they begin, with what each called', () => {
    deepEqual(
      places(
        [5000, 'crunch /app/a.js:3', 'main /app/a.js:9'],
        [7000, 'gzip node:zlib:40', ' /agent/register.js:7', 'pack /app/a.js:5', 'main /app/a.js:9'],
        [1000, 'parse /app/node_modules/@x/csv/i.js:8', 'load /app/a.js:7'],
        [2000, 'crunch /app/a.js:3', 'other /app/a.js:30'],
      ),
      [
        '7000: crunch /app/a.js:3',
        '7000: pack /app/a.js:5 in gzip',
        '1000: load /app/a.js:7 in parse of @x/csv',
      ],
    );
  });

  it('are those of functions that are called as every object has one, too', () => {
    deepEqual(
      places(
        [3000, 'toString node:buffer:800', 'shout /app/a.js:3'],
        [2000, 'constructor'],
        [1000, '__proto__ /app/a.js:9'],
      ),
      ['3000: shout /app/a.js:3 in toString', '2000: native code', '1000: __proto__ /app/a.js:9'],
    );
  });

  it('leave out what is no work: an idle loop, Atomics.wait, a child process that is waited for', () => {
    deepEqual(
      places(
        [5000, '(idle)'],
        [5000, 'wait', 'wait /agent/register.js:4', 'stand /app/a.js:3'],
        [
          5000,
          'spawn',
          'spawnSync node:internal/child_process:9',
          'execSync node:child_process:3',
          'f /app/a.js:3',
        ],
        [5000, 'wait /agent/register.js:4', 'pause /app/a.js:3'],
        [1000, 'spawn', 'spawn node:internal/child_process:2', 'f /app/a.js:3'],
        [1000, 'wait /app/a.js:20'],
      ),
      ['1000: f /app/a.js:3 in spawn', '1000: wait /app/a.js:20'],
    );
  });

  it('tell what ran where no function of the program did', () => {
    deepEqual(
      places(
        [9000, '(program)'],
        [8000, '(garbage collector)'],
        [7000, 'write /agent/register.js:1', 'f /app/a.js:1'],
        [6000, 'onread node:internal/stream_base_commons:3', 'emit node:net:8'],
        [5000, 'processTicks node:internal/process/task_queues:4'],
        [4000, 'compile node:internal/modules/cjs/loader:3', 'require node:internal/modules/helpers:1'],
        [3000, 'walk /app/node_modules/ajv/i.js:1', 'listOnTimeout node:internal/timers:5'],
        [
          2000,
          'dispatch',
          'post node:inspector:4',
          'read /agent/register.js:3',
          'list node:internal/timers:5',
        ],
        [1000, 'encodeInto node:internal/encoding:4', 'defineText /agent/register.js:3', 'f /app/a.js:1'],
      ),
      [
        '10000: the instrument',
        '9000: native code',
        '8000: garbage collection',
        '6000: node:net',
        '5000: Node itself',
        '4000: module loading',
        '3000: code of ajv',
      ],
    );
  });

  it('name what the program called as it does, and no pattern, which may hold a value', () => {
    deepEqual(
      places(
        [5000, 'RegExp: ^secret', 'check /app/a.js:3'],
        [4000, 'consoleCall', 'say /app/a.js:5'],
        [
          3000,
          'write node:net:3',
          'log node:internal/console/constructor:9',
          'consoleCall',
          'print /app/a.js:7',
        ],
        [
          2000,
          'write',
          'processChunkSync node:zlib:8',
          'syncBufferWrapper node:zlib:3',
          ' /agent/r.js:2',
          'f /app/a.js:9',
        ],
      ),
      [
        '5000: check /app/a.js:3 in RegExp',
        '4000: say /app/a.js:5',
        '3000: print /app/a.js:7 in console.log',
        '2000: f /app/a.js:9 in a Sync function of zlib',
      ],
    );
  });

  it('are none of a profile without looks, or whose numbers name nothing', () => {
    deepEqual(placesOf(looks()), []);
    const odd: CpuProfile = { nodes: [], samples: [1, 2], timeDeltas: [5], startTime: 9, endTime: 1 };
    deepEqual(
      placesOf(
        looksOf(
          odd,
          () => ({ name: '', script: '', file: null, line: 0, column: 0 }),
          () => false,
        ),
      ),
      [],
    );
  });
});

describe('the stretches of a CPU profile', () => {
  const stretches = (...seen: readonly Seen[]): string[] =>
    stretchesOf(looks(...seen)).map(
      ({ fromUs, toUs, place }) => `${fromUs}-${toUs} ${place.at?.name ?? place.what}`,
    );
  const times = (count: number, seen: Seen): Seen[] => Array.from({ length: count }, () => seen);
  const F: Seen = [5000, 'f /app/a.js:1'];
  const G: Seen = [5000, 'g /app/a.js:9'];
  const IDLE: Seen = [5000, '(idle)'];

  it('are those for which one function had the thread, if it held it for 40 ms', () => {
    deepEqual(stretches(...times(7, F), IDLE, ...times(16, F), ...times(4, G), IDLE), [
      '41000-121000 f',
      '121000-141000 g',
    ]);
  });

  it('go to what has most of 20 ms, and to nobody where nothing stands out', () => {
    deepEqual(stretches(F, F, F, G, F, F, G, F), ['1000-41000 f']);
    const others = ['a', 'b', 'c', 'd'].map((name, i): Seen => [5000, `${name} /app/a.js:${i + 20}`]);
    deepEqual(stretches(...others, F, F, F, F), ['21000-41000 f']);
  });
});

describe('the time of a CPU profile', () => {
  const [native, place] = placesOf(
    looks([40_000, 'f /app/a.js:1'], [60_000, 'read', 'readSync node:fs:4', 'f /app/a.js:1']),
  );
  const counted = (ranMs: number, delayedMs: number): number[] => {
    const shares = timeSharesOf([place!, native!], { ranNs: ranMs * 1e6, delayedNs: delayedMs * 1e6 });
    return [place!, native!].map((each) => Math.round(countedUs(each, shares)));
  };

  it('is what was seen, where the thread ran all of it or the system says nothing', () => {
    deepEqual(counted(100, 0), [40_000, 60_000]);
    deepEqual(counted(130, 0), [40_000, 60_000]);
    deepEqual(timeSharesOf([place!], null), { native: 1, other: 1 });
  });

  it('is less of everything, where the machine had no processor for the thread', () => {
    deepEqual(counted(50, 50), [20_000, 30_000]);
  });

  it('is less of native code alone, where the thread slept in a call of the system’s', () => {
    deepEqual(counted(50, 0), [40_000, 10_000]);
    deepEqual(counted(20, 0), [20_000, 0]);
  });

  it('is nothing of a thread that did not run', () => {
    deepEqual(counted(0, 0), [0, 0]);
    deepEqual(counted(-5, 200), [0, 0]);
  });
});
