/** A way to use the library in a program: what builds it, what runs it, what has to come of it. */
import type { NodeMajor } from '../machine/node-binaries.ts';
import type { Answers, Kind } from './program.ts';
import type { Project } from './project.ts';

/** `yes`: it runs. `says`: it is refused, and the message names the way that is open. */
export type Verdict = 'yes' | 'says';

export interface Way {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  /** The oldest Node that it is for; absent: each. */
  readonly from?: NodeMajor;
  /** What is not `yes`, on that Node. */
  expected?(node: NodeMajor): Partial<Record<Kind, Verdict>>;
  /** Once, with the Node that runs the matrix. */
  build?(project: Project): Promise<void>;
  run(project: Project, node: string): Promise<Answers>;
}
