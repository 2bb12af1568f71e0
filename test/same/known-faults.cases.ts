/**
 * Faults that the suite found and that are still to be mended, one row a cause and set of programs.
 * A row goes when its programs no longer differ, which the suite says.
 */

import type { Known } from './known-difference.ts';

export const FAULTS: readonly Known[] = [
  {
    kind: 'fault',
    reason: "emission: an error's message quotes the instrumented expression",
    programs: ['builtins/structured-clone.mjs'],
    ways: ['node'],
  },
  {
    kind: 'fault',
    reason: "stack: Node 20's `assert` looks for its call in the file by the column that V8 knows",
    programs: ['errors/assert-ok.cjs'],
    ways: ['node'],
    nodes: [20],
  },
  {
    kind: 'fault',
    reason: "emission: an error's message quotes the instrumented expression",
    programs: ['language/new-target.cjs'],
    ways: ['node'],
    nodes: [24, 26],
  },
  {
    kind: 'fault',
    reason: "loader: frames of the hooks take the place of the program's own within the limit",
    programs: ['errors/missing-json-type.mjs', 'errors/syntax-caught.mjs'],
    ways: ['node'],
    nodes: [22, 24, 26],
  },
  {
    kind: 'fault',
    reason: 'lifecycle: replaced built-ins reach the agent when an error is uncaught',
    programs: ['globals/broken.cjs'],
    ways: ['node'],
  },
  {
    kind: 'fault',
    reason: 'stack: positions read past the formatter are those of the instrumented source',
    programs: ['tests/failing.js'],
    ways: ['test'],
  },
  {
    kind: 'fault',
    reason: 'stack: positions read past the formatter are those of the instrumented source',
    programs: ['tests/failing.js'],
    ways: ['test-unisolated'],
    nodes: [24, 26],
  },
  {
    kind: 'fault',
    reason: 'loader: below a `require` hook a frame of ours counts among the ten of a stack',
    programs: [
      'typescript/decorators-metadata.ts',
      'typescript/decorators-standard.ts',
      'typescript/namespaces.ts',
    ],
    ways: ['sucrase'],
  },
  {
    kind: 'fault',
    reason: 'loader: below a `require` hook a frame of ours counts among the ten of a stack',
    programs: ['typescript/accessor.ts'],
    ways: ['swc-node'],
    nodes: [22, 24, 26],
  },
  {
    kind: 'fault',
    reason: 'emission: probes take more than a tenth of the stack',
    programs: ['recursion/async-arrow.mjs', 'recursion/async.cjs', 'recursion/methods.cjs'],
    ways: ['node'],
  },
  {
    kind: 'fault',
    reason: 'loader: Node 22 loses a message of its own where there is any load hook',
    programs: ['errors/import-cjs-name.mjs'],
    ways: ['node'],
    nodes: [22],
  },
  {
    kind: 'fault',
    reason: 'lifecycle: ids of asynchronous resources begin later',
    programs: ['ends/exit-in-async.cjs', 'order/phases.cjs'],
    ways: ['print'],
  },
  {
    kind: 'fault',
    reason: 'stack: V8 prints the columns of the text that runs where a process aborts',
    programs: ['ends/abort.cjs'],
    ways: ['node'],
  },
];
