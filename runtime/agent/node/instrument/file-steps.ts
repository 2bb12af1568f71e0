/** Expressions that get a probe wherever they stand in a file that has async code. */
import { signalLooks } from './abort-signals.ts';
import { asyncPredicates } from './async-predicates.ts';
import { otherWrites } from './other-writes.ts';
import { subjectSteps } from './subject-steps.ts';
import { staleWrites } from './stale-writes.ts';
import type { UpdateStep } from './shared-cells.ts';
import type { Node } from './syntax-tree.ts';

export const fileSteps = (program: Node, source: string): ReadonlyMap<Node, UpdateStep> =>
  new Map([
    ...otherWrites(program),
    ...subjectSteps(program, source),
    ...signalLooks(program, source),
    ...asyncPredicates(program, source),
    ...staleWrites(program, source),
  ]);
