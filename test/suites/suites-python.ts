/**
 * Test suites of other people's Python packages. A person checks the repositories out by hand, as
 * those of `suites.ts`. Each is installed into a virtual environment in its checkout, with the
 * packages of `test/suites/python/NAME.txt` in the versions there.
 */
import { join } from 'node:path';
import { tree } from '../machine/tree.ts';
import type { Suite } from './suite.ts';

/** A line a test, in the order of the files; the text of a failure is its place and its error. */
const PYTEST = 'python -m pytest -p no:cacheprovider -rA --show-capture=no --tb=short -q';

/** @param more shell commands, after the packages are there */
const installed = (name: string, ...more: readonly string[]): string =>
  [
    'python3 -m venv .venv',
    `python -m pip install -q --disable-pip-version-check -r ${join(tree, 'test/suites/python', name)}.txt`,
    'python -m pip install -q --disable-pip-version-check --no-deps -e .',
    ...more,
  ].join(' && ');

const NEEDS_NAMES = 'three tests that look up a name on the network';

export const pythonSuites: readonly Suite[] = [
  // asyncio.
  {
    name: 'aiohttp',
    from: { repository: 'aio-libs/aiohttp', commit: '5e392ce0456f5235a4ee6ad46f0e806df2f15873' },
    language: 'python',
    // Its parser is compiled from a submodule: here it is the one of the published wheel.
    install: installed(
      'aiohttp',
      'python -m pip install -q --no-deps --target .wheel aiohttp==3.14.3',
      '(cd .wheel && cp --parents aiohttp/*.so aiohttp/_websocket/*.so ..)',
    ).replace(
      'python -m pip install -q --disable-pip-version-check --no-deps -e .',
      'mkdir -p vendor/llhttp && touch vendor/llhttp/README.md && AIOHTTP_NO_EXTENSIONS=1 $&',
    ),
    test:
      `${PYTEST} --no-cov tests/test_{client,web,web_websocket,client_ws,web_sendfile,proxy}_functional.py ` +
      'tests/test_{connector,web_app,run_app,web_server,streams,client_session,test_utils,web_runner}.py ' +
      'tests/test_{resolver,web_urldispatcher,web_middleware}.py',
    reads: 'pytest',
    source: /^aiohttp\//,
    leavesOut: 'tests of parsers, headers and cookies, in which nothing waits',
  },
  {
    name: 'anyio',
    from: { repository: 'agronholm/anyio', commit: 'c384f99687c64c59ed8a11c3a0f11a2d57daff71' },
    language: 'python',
    install: installed('anyio'),
    test:
      `${PYTEST} -k "not ipv6 and not happy_eyeballs and not dualstack and not multi and not localhost and not ` +
      'bind_failure and not partial_failure and not test_getaddrinfo and not server_crash and not does_not_hang"',
    reads: 'pytest',
    source: /^src\//,
    leavesOut: 'tests that need the name of ::1; one that fails when it takes over three seconds',
  },
  {
    name: 'httpx',
    from: { repository: 'encode/httpx', commit: '26d48e0634e6ee9cdc0533996db289ce4b430177' },
    language: 'python',
    install: installed('httpx'),
    test: `${PYTEST} -k "not proxy_close"`,
    reads: 'pytest',
    source: /^httpx\//,
    leavesOut: NEEDS_NAMES,
  },
  {
    name: 'starlette',
    from: { repository: 'encode/starlette', commit: 'cb8f84f5284dc301ca7a31eb732b9e140769dd48' },
    language: 'python',
    install: installed('starlette'),
    test: PYTEST,
    reads: 'pytest',
    source: /^starlette\//,
  },
  {
    name: 'websockets',
    from: { repository: 'python-websockets/websockets', commit: 'fd3f16cc4f57ace08e323a7806f1432e957cb75e' },
    language: 'python',
    install: installed('websockets'),
    test: `${PYTEST} tests`,
    reads: 'pytest',
    source: /^src\//,
  },
  {
    name: 'aiosqlite',
    from: { repository: 'omnilib/aiosqlite', commit: '9b127cecc7de843bf4f343b6da63b641866533fb' },
    language: 'python',
    install: installed('aiosqlite'),
    test: `${PYTEST} aiosqlite/tests/smoke.py`,
    reads: 'pytest',
    source: /^aiosqlite\/(?!tests\/)/,
  },
  {
    name: 'janus',
    from: { repository: 'aio-libs/janus', commit: '652bc8d2bc1e5d83e0761438b82bd402f6cc9659' },
    language: 'python',
    install: installed('janus'),
    test: PYTEST,
    reads: 'pytest',
    source: /^janus\//,
  },
  {
    name: 'trio',
    from: { repository: 'python-trio/trio', commit: 'b3fd421ab1ac7830ed7440b85331e4ae2ccaaba9' },
    language: 'python',
    install: installed('trio'),
    test: `${PYTEST} src/trio --ignore=src/trio/_tests/test_exports.py --ignore=src/trio/_tests/tools`,
    reads: 'pytest',
    source: /^src\/trio\/(?!.*_tests\/)/,
    leavesOut: 'tests of its names and of its own tools',
  },
  // Threads.
  {
    name: 'filelock',
    from: { repository: 'tox-dev/filelock', commit: '4aa742ca0992135fe21df290c8e9023f6981bb6f' },
    language: 'python',
    install: installed('filelock'),
    test: PYTEST,
    reads: 'pytest',
    source: /^src\//,
  },
  {
    name: 'watchdog',
    from: { repository: 'gorakhargosh/watchdog', commit: '76c091dc8841de1d1a1cd6511bb509fe4f058de6' },
    language: 'python',
    install: installed('watchdog'),
    test: `${PYTEST} --no-cov`,
    reads: 'pytest',
    source: /^src\//,
  },
  // Processes.
  {
    name: 'pebble',
    from: { repository: 'noxdafox/pebble', commit: '97e27f54874ab692c79a18e502dc29814ffae737' },
    language: 'python',
    install: installed('pebble'),
    test: `${PYTEST} test -k "not (spawn and callback) and not different_process"`,
    reads: 'pytest',
    source: /^pebble\//,
    leavesOut: 'tests that hang on how soon a new interpreter runs: a busy machine fails them',
  },
];
