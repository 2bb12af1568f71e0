/**
 * Makes the folder that the library is packed from, dist/package: the library alone, with a
 * manifest of its own. The project's manifest is that of the extension, whose `main` is for VS Code
 * and whose files are for tracing; what a program imports stands there once, in `exports`.
 */
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The library's files in `dist/`; the same as extension/library/install-library.ts copies. */
const LIBRARY_FILES =
  /^(index|trace|frames|jobs|parallel-worker|library-\w+)\.js$|^(index|trace|frames|jobs|library)\.cjs$|^types$/;
const KEPT_FIELDS = ['name', 'version', 'publisher', 'license', 'repository', 'type', 'exports'];
const DOCUMENTS = [
  ['runtime/README.md', 'README.md'],
  ['LICENSE', 'LICENSE'],
  ['CHANGELOG.md', 'CHANGELOG.md'],
];

/**
 * @param {string} root of the project, built
 * @param {readonly string[]} inputs paths of what went into the library
 * @throws Error when other people's work is in it, for the package holds no notices
 */
export function makeLibraryPackage(root, inputs) {
  const foreign = inputs.find((path) => path.includes('node_modules/'));
  if (foreign !== undefined)
    throw new Error(`the library holds ${foreign}, which needs its notice in the package`);
  const to = join(root, 'dist/package');
  rmSync(to, { recursive: true, force: true });
  mkdirSync(join(to, 'dist'), { recursive: true });
  for (const name of readdirSync(join(root, 'dist')).filter((file) => LIBRARY_FILES.test(file)))
    cpSync(join(root, 'dist', name), join(to, 'dist', name), { recursive: true });
  for (const name of readdirSync(join(to, 'dist')))
    if (/\.c?js$/.test(name)) removeMapComment(join(to, 'dist', name));
  for (const [from, name] of DOCUMENTS) cpSync(join(root, from), join(to, name));
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  writeFileSync(join(to, 'package.json'), `${JSON.stringify(libraryManifest(manifest), null, 2)}\n`);
}

/** @param manifest of the project. */
export function libraryManifest(manifest) {
  const entry = manifest.exports['.'];
  const kept = Object.fromEntries(KEPT_FIELDS.map((field) => [field, manifest[field]]));
  const subpaths = Object.entries(manifest.exports).filter(([, to]) => typeof to === 'object');
  return {
    ...kept,
    description: 'Tasks, queues, locks, threads, processes and pools, after asyncio and multiprocessing.',
    keywords: ['concurrency', 'async', 'task', 'queue', 'worker', 'pool'],
    engines: { node: manifest.engines.node },
    // For tools that do not read `exports`.
    main: entry.require.default,
    types: entry.require.types,
    typesVersions: {
      '*': Object.fromEntries(
        subpaths.filter(([name]) => name !== '.').map(([name, to]) => [name.slice(2), [to.require.types]]),
      ),
    },
    peerDependencies: manifest.peerDependencies,
    peerDependenciesMeta: manifest.peerDependenciesMeta,
  };
}

/** The maps of a development build are not packed. */
function removeMapComment(path) {
  writeFileSync(path, readFileSync(path, 'utf8').replace(/^\/\/# sourceMappingURL=.*\n?/m, ''));
}
