/** Bundles with the library in them, run where nothing is installed. */
import { jobsText, type ProgramOptions, programText } from './program.ts';
import type { Way } from './way.ts';

interface Bundler {
  readonly name: string;
  readonly format: 'esm' | 'cjs';
  /** A script of the configuration or of the packages, and its arguments. */
  readonly command: readonly [script: string, ...args: string[]];
  readonly config: Readonly<Record<string, string>>;
  /** What workerModule() is given, where it is not what the bundler writes for `door.js`. */
  readonly door?: string;
}

/** By its API: its command is a script or a binary, as it was installed. */
const esbuildScript = (format: 'esm' | 'cjs', minify: boolean): string => `
import { build } from 'esbuild';
await build({
  entryPoints: ['main.js', 'door.js'], bundle: true, platform: 'node', format: '${format}', minify: ${minify},
  outdir: 'out', outExtension: { '.js': '${format === 'esm' ? '.mjs' : '.cjs'}' }, logLevel: 'error',
});`;

const rollupConfig = (format: 'es' | 'cjs', extension: string): string => `
import { nodeResolve } from '@rollup/plugin-node-resolve';
export default {
  input: ['main.js', 'door.js'],
  plugins: [nodeResolve({ exportConditions: ['node'] })],
  output: { dir: 'out', format: '${format}', entryFileNames: '[name].${extension}', exports: 'named' },
};`;

const viteConfig = `
export default {
  build: { ssr: true, outDir: 'out', rollupOptions: { input: ['main.js', 'door.js'], output: { entryFileNames: '[name].mjs' } } },
  ssr: { noExternal: true },
};`;

const webpackConfig = (mode: string, extension: string, more: string): string => `
export default {
  mode: '${mode}', target: 'node', entry: './main.js', ${more},
  output: { path: process.cwd() + '/out', filename: '[name].${extension}', chunkFilename: '[name].${extension}',
    ${extension === 'mjs' ? "module: true, chunkFormat: 'module', library: { type: 'module' }" : "library: { type: 'commonjs2' }"} },
};`;

/** Webpack finds the file by this form, and copies it. */
const WEBPACK_DOOR = "new URL('./door.js', import.meta.url)";

const BUNDLERS: readonly Bundler[] = [
  {
    name: 'esbuild, ESM',
    format: 'esm',
    command: ['build.mjs'],
    config: { 'build.mjs': esbuildScript('esm', false) },
  },
  {
    name: 'esbuild, ESM, minified',
    format: 'esm',
    command: ['build.mjs'],
    config: { 'build.mjs': esbuildScript('esm', true) },
  },
  {
    name: 'esbuild, CommonJS',
    format: 'cjs',
    command: ['build.mjs'],
    config: { 'build.mjs': esbuildScript('cjs', false) },
    // It has no import.meta.url there.
    door: "__dirname + '/door.cjs'",
  },
  {
    name: 'rollup, ESM',
    format: 'esm',
    command: ['rollup/dist/bin/rollup', '-c'],
    config: { 'rollup.config.mjs': rollupConfig('es', 'mjs') },
  },
  {
    name: 'rollup, CommonJS',
    format: 'cjs',
    command: ['rollup/dist/bin/rollup', '-c'],
    config: { 'rollup.config.mjs': rollupConfig('cjs', 'cjs') },
  },
  {
    name: 'vite build --ssr',
    format: 'esm',
    command: ['vite/bin/vite.js', 'build', '--logLevel', 'warn'],
    config: { 'vite.config.mjs': viteConfig },
  },
  {
    name: 'webpack, CommonJS',
    format: 'cjs',
    command: ['webpack-cli/bin/cli.js'],
    config: { 'webpack.config.mjs': webpackConfig('production', 'cjs', 'devtool: false') },
    door: WEBPACK_DOOR,
  },
  {
    name: 'webpack, ESM',
    format: 'esm',
    command: ['webpack-cli/bin/cli.js'],
    config: {
      'webpack.config.mjs': webpackConfig(
        'development',
        'mjs',
        'devtool: false, experiments: { outputModule: true }',
      ),
    },
    door: WEBPACK_DOOR,
  },
];

export const bundlerWays: readonly Way[] = BUNDLERS.map(({ name, format, command, config, door }) => {
  const extension = format === 'esm' ? 'mjs' : 'cjs';
  const program: ProgramOptions = {
    language: 'js',
    modules: 'esm',
    jobs: './jobs.js',
    door: door ?? `new URL('./door.${extension}', import.meta.url)`,
  };
  const [script, ...args] = command;
  return {
    name,
    files: {
      'package.json': '{ "type": "module" }',
      'main.js': programText(program),
      'jobs.js': jobsText(program),
      'door.js': jobsText(program),
      ...config,
    },
    // No module of a bundle exports what was taken in. An ES module of webpack's exports nothing by
    // a declaration.
    expected: () => ({ imported: 'says', ...(name === 'webpack, ESM' ? { exported: 'says' } : {}) }),
    async build(project) {
      const path = script in config ? script : project.tool(script);
      await project.run(process.execPath, [path, ...args]);
      project.removeLibrary();
    },
    run: (project, node) => project.answers(node, [`out/main.${extension}`]),
  } satisfies Way;
});
