/**
 * Test suites of other people's packages, which are run untraced and traced: the results must be
 * the same. Nothing of them is committed here. A person checks the repositories out by hand, each
 * into a folder of this name:
 *
 *   git clone https://github.com/REPOSITORY FOLDER/NAME && git -C FOLDER/NAME checkout COMMIT
 */
import { nestjsSuites } from './nestjs.ts';
import type { Suite } from './suite.ts';

const NPM = 'npm install --no-audit --no-fund --ignore-scripts --legacy-peer-deps';

/** Their code waits by callbacks and `.then` alone. */
const NO_ASYNC = 'no async function: callbacks and `.then` alone';

export const suites: readonly Suite[] = [
  // One at a time: a queue, a lock, a limit.
  {
    name: 'async-mutex',
    from: { repository: 'DirtyHairy/async-mutex', commit: 'b0bb4c5aa0e42eb5ffc8d9342e56bb6de1b95554' },
    install: NPM,
    test: 'npx mocha "test/*.ts"',
    reads: 'mocha',
    source: /^src\//,
  },
  {
    name: 'p-limit',
    from: { repository: 'sindresorhus/p-limit', commit: 'df476048d023ff868cd45b35ee47f5fb0ca2b25a' },
    install: NPM,
    // One by one: they assert how long they took.
    test: 'npx ava --serial',
    reads: 'ava',
    source: /^index\.js$/,
  },
  {
    name: 'p-map',
    from: { repository: 'sindresorhus/p-map', commit: 'bc26cf03f81292325236a1188063dac8e7a4de0f' },
    install: NPM,
    // One by one: they assert how long they took.
    test: 'npx ava --serial',
    reads: 'ava',
    source: /^index\.js$/,
  },
  {
    name: 'p-retry',
    from: { repository: 'sindresorhus/p-retry', commit: 'e11ca9c9c4a8032182403871593a67a49e948568' },
    install: NPM,
    test: 'npx ava',
    reads: 'ava',
    source: /^index\.js$/,
  },
  {
    name: 'p-queue',
    from: { repository: 'sindresorhus/p-queue', commit: '180ab9e25cd10b6f548767d7176076b50d25e188' },
    install: NPM,
    test: 'node --import=tsx/esm --test --test-reporter=tap test/*.ts',
    reads: 'node-test',
    source: /^source\//,
  },
  {
    name: 'fastq',
    from: { repository: 'mcollina/fastq', commit: 'be305967511b91f80453a095b7b6d95b895f1d00' },
    install: NPM,
    test: 'npx tape test/test.js test/promise.js',
    reads: 'tap-lines',
    source: /^queue\.js$/,
    unseen: NO_ASYNC,
  },
  {
    name: 'bottleneck',
    from: { repository: 'SGrondin/bottleneck', commit: 'b83528333ba4d27cf70b81cc2be12e09d7ff692f' },
    install:
      'npm pkg delete devDependencies && rm -f package-lock.json && npm install --no-save mocha@6.2.3 redis@2 ioredis@4',
    test: 'npx mocha test --invert --grep "leak memory|keep process alive"',
    reads: 'mocha',
    source: /^lib\//,
    unseen: 'async functions compiled to generators that a helper drives',
    leavesOut:
      'what needs a Redis, which the suite skips without one; four tests that build a package or assert how long a process takes',
  },
  {
    name: 'node-pool',
    from: { repository: 'coopernurse/node-pool', commit: 'ee5db9ddb54ce3a142fde3500116b393d4f2f755' },
    install: NPM,
    test: 'npx tap test/*-test.js',
    reads: 'tap-lines',
    source: /^lib\//,
    unseen: NO_ASYNC,
  },
  {
    name: 'piscina',
    from: { repository: 'piscinajs/piscina', commit: '4e9791fd46b61c638e7ad05f14ec4540d40898aa' },
    install: `${NPM} && npx tsc`,
    test: 'npx tap --no-coverage -R tap --timeout=300',
    reads: 'tap-lines',
    source: /^(?:src|dist)\//,
  },
  {
    name: 'dataloader',
    from: { repository: 'graphql/dataloader', commit: 'b70dea3cc72a7e8f941133b0f486aa1840e3f927' },
    install: NPM,
    test: 'npx jest src',
    reads: 'jest',
    source: /^src\/index\.js$/,
    unseen: NO_ASYNC,
  },
  {
    name: 'async',
    from: { repository: 'caolan/async', commit: '77fd31096b7b421d6cd6be84757c767e0b35b9fd' },
    install: NPM,
    test: 'npx mocha --invert --grep ReDoS',
    reads: 'mocha',
    source: /^lib\//,
    unseen: NO_ASYNC,
    leavesOut: 'a test that fails when the machine is busy',
  },
  {
    name: 'rxjs',
    from: { repository: 'ReactiveX/rxjs', commit: 'e5351d02e225e275ac0e497c7b66eaa5f0c88791' },
    install: NPM,
    test:
      'npx cross-env TS_NODE_PROJECT=tsconfig.mocha.json ' +
      'mocha --config spec/support/.mocharc.js "spec/**/*-spec.ts" ' +
      '--invert --grep "should skip until Promise resolves"',
    reads: 'mocha',
    source: /^src\//,
    leavesOut: 'a test that fails, and ends the run, where its first two lines take 2 ms',
  },
  // Servers, clients, streams.
  {
    name: 'express',
    from: { repository: 'expressjs/express', commit: 'a3714473feb3d2908add734d340e7755fd85e0a3' },
    install: NPM,
    test: 'npx mocha --require test/support/env --reporter dot --check-leaks test/ test/acceptance/',
    reads: 'mocha',
    source: /^(?:lib\/|index\.js$)/,
    unseen: NO_ASYNC,
  },
  {
    name: 'koa',
    from: { repository: 'koajs/koa', commit: 'e0ba8ef39d27fe5dae5492f9fe753d155124f994' },
    install: `${NPM} && npm run build`,
    test: 'node --test --test-reporter=tap',
    reads: 'node-test',
    source: /^lib\//,
  },
  {
    name: 'fastify',
    from: { repository: 'fastify/fastify', commit: '83e69762aff047940b376fc2a266d143499ef727' },
    install: NPM,
    test: 'npx borp --reporter=tap',
    reads: 'node-test',
    node: 24,
    source: /^(?:lib\/|fastify\.js$)/,
  },
  {
    name: 'ws',
    from: { repository: 'websockets/ws', commit: 'a2f4e7c046c2112bbce6fef39a083dac77d6f0d2' },
    install: NPM,
    test: 'npx mocha --throw-deprecation "test/*.test.js"',
    reads: 'mocha',
    source: /^lib\//,
    unseen: NO_ASYNC,
  },
  {
    name: 'undici',
    from: { repository: 'nodejs/undici', commit: '7eb7c8ec8f23acd9c3da93a286162f8c1dc68326' },
    install: NPM,
    test:
      'npx borp --timeout 180000 --reporter=tap -p "test/{infra,cookie,subresource-integrity,busboy}/*.js" ' +
      '-p "test/client*.js" -p "test/fetch/*.js"',
    reads: 'node-test',
    node: 24,
    source: /^(?:lib\/|index\.js$)/,
    leavesOut: 'parts that need a network or minutes',
  },
  {
    name: 'axios',
    from: { repository: 'axios/axios', commit: '23a25af0688d1db2c396deb09229d2271cc24f6c' },
    install: NPM,
    test:
      'npx mocha "test/unit/**/*.js" --timeout 30000 --exit ' +
      '--invert --grep "should support HTTPS protocol|should not fail with query parsing"',
    reads: 'mocha',
    source: /^(?:lib\/|index\.js$)/,
    leavesOut: 'two tests that need a network',
  },
  {
    name: 'got',
    from: { repository: 'sindresorhus/got', commit: 'd00d845a0b435365ec73ea5a1fca6e17ee677184' },
    install: NPM,
    test:
      'NODE_OPTIONS="$NODE_OPTIONS --import=tsx/esm" npx ava ' +
      '--match="!*AbortSignal.timeout*" --match="!*DNS cache*" --match="!*reads a cookie*" ' +
      'test/{abort,arguments,cache,cookies,create,encoding,gzip,headers,hooks,merge-instances}.ts ' +
      'test/{normalize-arguments,pagination,post,redirects,response-parse,stream,unix-socket}.ts',
    reads: 'ava',
    node: 24,
    source: /^source\//,
    leavesOut: 'what needs a network, asserts times or takes minutes',
  },
  {
    name: 'ioredis',
    from: { repository: 'redis/ioredis', commit: 'dfd542824dfb7168420f19fdfabe9fe1156efe10' },
    install: NPM,
    test: 'TS_NODE_TRANSPILE_ONLY=true NODE_ENV=test npx mocha "test/unit/**/*.ts"',
    reads: 'mocha',
    source: /^lib\//,
    unseen: 'these tests call none of its async functions',
    leavesOut: 'the functional tests, which are the next row',
  },
  {
    name: 'ioredis-functional',
    from: { repository: 'redis/ioredis', commit: 'dfd542824dfb7168420f19fdfabe9fe1156efe10' },
    folder: 'ioredis',
    install: NPM,
    needs: ['redis-server'],
    test:
      'redis-server --save "" > redis.log & redis=$!; ' +
      'TS_NODE_TRANSPILE_ONLY=true NODE_ENV=test npx mocha "test/helpers/*.ts" "test/functional/**/*.ts" ' +
      '--invert --grep "large pipelines|WITHSCORE|NOVALUES|should ignore timeout if connect"; ' +
      'status=$?; kill $redis; wait $redis; (exit $status)',
    reads: 'mocha',
    source: /^lib\//,
    leavesOut: 'commands that Redis 7.0 does not have; two tests that fail when the machine is busy',
  },
  {
    name: 'readable-stream',
    from: { repository: 'nodejs/readable-stream', commit: '88df21041dc26c210fab3e074ab6bb681a604b8e' },
    install: NPM,
    test: 'npx tap --rcfile=./tap.yml --no-coverage -R tap "test/parallel/test-*.js" "test/ours/test-*.js"',
    reads: 'tap-lines',
    source: /^lib\//,
  },
  {
    name: 'pino',
    from: { repository: 'pinojs/pino', commit: 'b394c2c16ac6a8919cd33d7f5684a01baca1096f' },
    install: NPM,
    test: 'npx borp --timeout 60000 --reporter=tap',
    reads: 'node-test',
    source: /^(?:lib\/|pino\.js$)/,
  },
  {
    name: 'execa',
    from: { repository: 'sindresorhus/execa', commit: '8017b279e19347efaf2587711c2d57dbd4330740' },
    install: `npm pkg delete devDependencies.xo devDependencies.tsd && npm pkg set overrides.cbor2=2.3.0 && ${NPM}`,
    test: 'npx ava test/arguments/*.js test/convert/*.js test/io/*.js test/methods/*.js',
    reads: 'ava',
    node: 24,
    source: /^lib\//,
  },
  // Data: nothing of them waits. Here the text that V8 is given has to mean the same.
  {
    name: 'node-semver',
    from: { repository: 'npm/node-semver', commit: '6e05b7637396ac66522cff8731f07cfe0ef49a29' },
    install: NPM,
    test: 'npx tap --no-coverage --timeout=300 -R tap',
    reads: 'tap-lines',
    source: /^(?:classes|functions|internal|ranges)\//,
    unseen: 'nothing of it waits',
  },
  {
    name: 'chai',
    from: { repository: 'chaijs/chai', commit: '099f48a326f0d77a0e4e9a34d7050b4217dd62d1' },
    install: `${NPM} && npm run build`,
    test: 'npx mocha --require ./test/bootstrap/index.js "test/*.js"',
    reads: 'mocha',
    source: /^(?:lib\/|index\.js$)/,
    unseen: 'nothing of it waits',
  },
  {
    name: 'immutable-js',
    from: { repository: 'immutable-js/immutable-js', commit: '712177a9ebcd21524095f699c521b86619786226' },
    install: `${NPM} && npx rollup -c ./resources/rollup-config.mjs`,
    // The setting has its tests load what was built; else each file is bundled while they run.
    test: 'CI=true npx jest --watchman=false "__tests__/(Stack|Record|Ordered|merge|get|is|slice)"',
    reads: 'jest',
    source: /^dist\//,
    unseen: 'nothing of it waits',
    leavesOut: 'tests that take minutes',
  },
  {
    name: 'yup',
    from: { repository: 'jquense/yup', commit: 'ff31eee8a2b10c938bb3a22544d9e33957a8cf01' },
    install: `npm pkg delete "devDependencies.@4c/rollout" resolutions && ${NPM}`,
    test: 'npx vitest run',
    reads: 'vitest',
    source: /^src\//,
  },
  {
    name: 'zod',
    from: { repository: 'colinhacks/zod', commit: 'e516c3baf22615e20934116abebfed6c000222c2' },
    install: 'npx -y pnpm@10.12.1 install --ignore-scripts --frozen-lockfile',
    test:
      'npx vitest run --root packages/zod --config ../../vitest.root.mjs --typecheck.enabled=false ' +
      'src/v3 src/v4/mini src/v4/core src/v4/classic',
    reads: 'vitest',
    source: /^packages\/zod\/src\/(?!.*\.test\.ts)/,
    leavesOut: 'tests of types alone',
  },
  {
    name: 'cheerio',
    from: { repository: 'cheeriojs/cheerio', commit: '808f8456b38a730497c675f1478d659cc4adfefe' },
    install: NPM,
    test: 'npx vitest run --typecheck.enabled=false',
    reads: 'vitest',
    node: 24,
    source: /^src\/(?!.*\.spec\.ts)/,
    leavesOut: 'tests of types alone',
  },
  ...nestjsSuites,
];
