/** A NestJS server of ours (test/suites/nestjs), under each way to run TypeScript. */
import type { Suite } from './suite.ts';

interface Way {
  readonly name: string;
  readonly args: string;
  readonly node?: Suite['node'];
  /** Before the server is started. */
  readonly before?: string;
}

/** Sucrase does not parse a parameter's decorator, so it is not here. */
const WAYS: readonly Way[] = [
  { name: 'ts-node', args: '-r ts-node/register/transpile-only src/main.ts' },
  { name: 'ts-node-checked', args: '-r ts-node/register src/main.ts' },
  { name: 'swc-node', args: '-r @swc-node/register src/main.ts' },
  { name: 'tsx', args: 'node_modules/tsx/dist/cli.mjs src/main.ts' },
  { name: 'tsx-import', args: '--import tsx src/main.ts' },
  { name: 'esbuild-register', args: '-r esbuild-register src/main.ts' },
  { name: 'tsc', args: '--enable-source-maps out/main.js', before: 'npx tsc && ' },
  // Decorators are called there: Node strips types, and decorators are no types.
  { name: 'stripped', args: 'src/stripped.ts', node: 24 },
];

export const nestjsSuites: readonly Suite[] = WAYS.map(({ name, args, node, before }) => ({
  name: `nestjs-${name}`,
  from: { project: 'nestjs' },
  install: 'npm install --no-audit --no-fund --ignore-scripts',
  test: `${before ?? ''}node ask.mjs node ${args}`,
  reads: 'answers',
  source: /^(?:src|out)\//,
  ...(node === undefined ? {} : { node }),
}));
