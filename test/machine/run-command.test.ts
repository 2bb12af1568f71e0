import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { runCommand } from './run-command.ts';

const node = (script: string, ...args: string[]): { file: string; args: string[] } => ({
  file: process.execPath,
  args: ['-e', script, ...args],
});

describe('a command', () => {
  it('gives its exit code and its output', async () => {
    const ended = await runCommand({
      ...node('console.log("out"); console.error("err"); process.exitCode = 3'),
      boundMs: 10_000,
      output: 'keep',
    });
    assert.deepEqual(
      [ended.ok, ended.outcome, ended.output.split('\n').sort()],
      [false, 'exit code 3', ['', 'err', 'out']],
    );
  });

  it('gives the signal that ended it', async () => {
    const ended = await runCommand({
      ...node('process.kill(process.pid, "SIGKILL")'),
      boundMs: 10_000,
      output: 'keep',
    });
    assert.deepEqual([ended.ok, ended.outcome], [false, 'ended by SIGKILL']);
  });

  it('that cannot be started gives the reason', async () => {
    const ended = await runCommand({ file: '/nowhere/at-all', args: [], boundMs: 1000, output: 'keep' });
    assert.equal(ended.ok, false);
    assert.match(ended.outcome, /could not be started: .*ENOENT/);
  });

  it('that hangs is killed at its bound with everything it started, in whatever group', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'simul-command-'));
    const pidFile = join(folder, 'pid');
    try {
      const script = `
        const options = { detached: true, stdio: 'inherit' };
        const child = require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], options);
        require('fs').writeFileSync(process.argv[1], String(child.pid));
        setInterval(() => {}, 1000);`;
      const ended = await runCommand({ ...node(script, pidFile), boundMs: 3000, output: 'keep' });
      assert.deepEqual([ended.ok, ended.outcome], [false, 'killed at its bound of 3 s']);
      // What was killed closes its files before it is gone. That it stays is seen at mocha's bound.
      const pid = Number(readFileSync(pidFile, 'utf8'));
      while (isAlive(pid)) await new Promise((resolve) => setImmediate(resolve));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

/** A zombie is not alive: it stays in the list until the system's first process has reaped it. */
function isAlive(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
