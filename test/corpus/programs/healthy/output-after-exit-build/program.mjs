// Errors of a build, with those of what the build has started.
import { spawn } from 'node:child_process';

class Build {
  constructor(command) {
    this.errors = '';
    this.child = spawn('sh', ['-c', command], { stdio: ['ignore', 'ignore', 'pipe'] });
    this.child.stderr.on('data', (text) => {
      this.errors += text;
    });
  }
  over() {
    return new Promise((resolve) => this.child.once('close', resolve));
  }
}

async function main() {
  const build = new Build('(sleep 0.2; echo late >&2) & echo early >&2');
  await build.over();
  console.log(build.errors.trim().split('\n').length);
}
main();
