/**
 * `npm run bundles`: the bundles of many popular packages, minified and not, as ES modules and as
 * CommonJS, on each Node that the environment names. The packages are installed into the cache of
 * the tests, which needs the network once.
 *
 *   npm run bundles [-- PACKAGE …]
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cached } from '../../../machine/cache.ts';
import { textHash } from '../../../../runtime/agent/node/instrument/text-hash.ts';
import { nodes } from '../run-program.ts';
import { checkBundle } from './bundle-check.ts';

const PACKAGES: Readonly<Record<string, string>> = {
  axios: '1.7.9',
  bluebird: '3.7.2',
  bullmq: '5.34.6',
  chokidar: '4.0.3',
  commander: '13.0.0',
  execa: '9.5.2',
  express: '4.21.2',
  fastify: '5.2.1',
  got: '14.4.5',
  graphql: '16.10.0',
  ioredis: '5.4.2',
  kafkajs: '2.2.4',
  knex: '3.1.0',
  koa: '2.15.3',
  mongodb: '6.12.0',
  mysql2: '3.12.0',
  'node-fetch': '3.3.2',
  nodemailer: '6.9.16',
  'p-map': '7.0.3',
  pg: '8.13.1',
  pino: '9.6.0',
  'puppeteer-core': '24.0.0',
  redis: '4.7.0',
  rxjs: '7.8.1',
  'socket.io': '4.8.1',
  winston: '3.17.0',
  ws: '8.18.0',
  zod: '3.24.1',
};

const dependencies = JSON.stringify(PACKAGES);
const installed = await cached(`bundles-${textHash(dependencies)}`, async (made) => {
  writeFileSync(join(made, 'package.json'), `{ "private": true, "dependencies": ${dependencies} }`);
  const options = ['install', '--no-audit', '--no-fund', '--ignore-scripts'];
  execFileSync('npm', options, { cwd: made, stdio: 'inherit' });
});
const folder = mkdtempSync(join(tmpdir(), 'simul-bundles-'));
let failed = 0;
let checked = 0;
const wanted = process.argv.slice(2);
for (const name of wanted.length > 0 ? wanted : Object.keys(PACKAGES)) {
  for (const [major, node] of nodes) {
    for (const format of ['esm', 'cjs'] as const) {
      for (const minify of [false, true]) {
        const title = `${name}, ${format}${minify ? ', minified' : ''}, Node ${major}`;
        try {
          const entered = await checkBundle(node, name, installed, folder, { minify, format });
          console.log(`ok    ${title}: ${entered} activations`);
          checked++;
        } catch (error) {
          console.log(`FAIL  ${title}: ${String(error).slice(0, 2000)}`);
          failed++;
        }
      }
    }
  }
}
rmSync(folder, { recursive: true });
console.log(`${checked} bundles are the same traced and untraced, ${failed} are not`);
if (failed > 0) process.exitCode = 1;
