/**
 * `npm run hostile`: starts that need other Nodes, another user or Linux. What the machine lacks is
 * a failure that names it.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import type { TraceJson } from '../../runtime/launch/json/trace-json.ts';
import { temporaryFolders } from '../launch/part-writer.ts';
import { tree } from '../machine/tree.ts';
import { assertSame, permissionFlag } from './hostile-starts.ts';

const NOBODY = 65534;
const cli = join(tree, 'dist/cli.js');
const folder = temporaryFolders();

function nodeOf(major: number): string {
  const path = process.env[`SIMUL_NODE_${major}`];
  assert.ok(path !== undefined && path !== '', `this needs a Node ${major} in SIMUL_NODE_${major}`);
  return path;
}

describe('an old Node', () => {
  for (const major of [14, 16]) {
    it(`runs untraced, and the trace says so: ${major}`, () => {
      assertSame(nodeOf(major), { says: /was not traced: Node \d+\.\d+\.\d+ is too old, Simul traces/ });
    });
  }
});

for (const major of [20, 22, 24]) {
  describe(`on Node ${major}, a program that starts where something is refused`, () => {
    it('runs untraced with little address space', () => {
      assertSame(nodeOf(major), {
        before: 'ulimit -v 2500000',
        says: /was not traced: too little address space is left \(ulimit -v\)\.$/m,
      });
    });

    for (const count of [21, 24, 26, 30, 40]) {
      it(`runs with few descriptors: ${count}`, () => {
        assertSame(nodeOf(major), {
          before: `ulimit -n ${count}`,
          says: /was not traced: less than|exit code 3/,
        });
      });
    }

    it('runs under the permission model, with leave to read and without', () => {
      const flag = permissionFlag(nodeOf(major));
      assertSame(nodeOf(major), {
        flags: [flag, '--allow-fs-read=*'],
        says: /was not traced: Node's permission/,
      });
      assertSame(nodeOf(major), {
        flags: [flag, '--allow-fs-read=*', '--allow-fs-write=*'],
        says: /ended with exit code 3/,
      });
    });
  });
}

describe('a program with few processes left', () => {
  it('runs untraced, beside this Node', () => {
    assert.equal(process.getuid?.(), 0, 'this needs root, to run as another user');
    assertSame(process.execPath, {
      before: 'ulimit -u 28',
      user: NOBODY,
      says: /was not traced: too few processes are left \(ulimit -u\)|exit code 3/,
    });
  });
});

describe('a recording that runs out of room', () => {
  const program = `async function f() { await null; }
    for (let i = 0; i < 60_000; i++) await f();`;
  const RECORDS = 60_000 * 7;

  function traceOn(size: string, fill: string): { readonly json: TraceJson | null; readonly said: string } {
    const at = folder();
    writeFileSync(join(at, 'program.mjs'), program);
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', at]);
    assert.equal(mounted.status, 0, 'this needs root, to mount a small file system');
    try {
      writeFileSync(join(at, 'program.mjs'), program);
      spawnSync('sh', ['-c', fill], { cwd: at });
      const env = { ...process.env, SIMUL_CACHE: '/nowhere' };
      const ran = spawnSync(process.execPath, [cli, 'trace', '--recording', join(at, 'r'), 'program.mjs'], {
        cwd: at,
        encoding: 'utf8',
        env,
      });
      assert.equal(ran.status, 0);
      const shown = spawnSync(process.execPath, [cli, 'show', '--json', '--limit', '5', 'r'], {
        cwd: at,
        encoding: 'utf8',
        maxBuffer: 1 << 26,
      });
      const parts = readdirSync(join(at, 'r')).filter((name) => name.endsWith('.part'));
      assert.equal(parts.length, 1);
      return { json: shown.status === 0 ? (JSON.parse(shown.stdout) as TraceJson) : null, said: ran.stderr };
    } finally {
      spawnSync('umount', [at]);
    }
  }

  it('counts every record on a full disk, and has its end', () => {
    const { json } = traceOn('1m', 'true');
    const { lost, events, processes } = json!;
    assert.ok(lost > 0 && lost + events > RECORDS && lost + events < RECORDS + 200, `${lost} + ${events}`);
    assert.equal(processes[0]?.ended, 'exit');
  });

  it('says so where the disk is full at the start', () => {
    const { said } = traceOn('100k', 'mkdir r; head -c 1m /dev/zero > fill');
    assert.match(said, /nothing of process \d+ is recorded: nothing could be written \(the disk was full/);
  });
});
