/** Bundles of packages that this project has installed. `npm run bundles` does many more. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'mocha';
import { nodes } from '../run-program.ts';
import { checkBundle } from './bundle-check.ts';

const PACKAGES = ['async', 'p-queue', 'workerpool', 'readable-stream'];
const folder = mkdtempSync(join(tmpdir(), 'simul-bundles-'));

describe('a bundle', () => {
  after(() => rmSync(folder, { recursive: true }));
  for (const [major, node] of nodes) {
    for (const minify of [false, true]) {
      it(`is the same traced${minify ? ', minified' : ''}: ${PACKAGES.join(', ')}, Node ${major}`, async function () {
        this.timeout(120_000);
        for (const name of PACKAGES) {
          await checkBundle(node, name, process.cwd(), folder, { minify, format: minify ? 'cjs' : 'esm' });
        }
      });
    }
  }
});
