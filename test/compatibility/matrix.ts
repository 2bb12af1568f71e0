/** Runs a way on Nodes, and compares what came of it with what has to. */
import type { NodeMajor } from '../machine/node-binaries.ts';
import { reasonOf } from '../machine/results.ts';
import { type Kind, KINDS } from './program.ts';
import { Project, verdicts } from './project.ts';
import type { Way } from './way.ts';

/** A row of the table. */
export interface Row {
  readonly name: string;
  /** The Nodes on which it ran. */
  readonly nodes: readonly NodeMajor[];
  /** For each kind one word, or one for each Node where they differ. */
  readonly words: Readonly<Record<Kind, string>>;
  /** What is not as it has to be, one sentence each. */
  readonly faults: readonly string[];
}

export type Nodes = ReadonlyMap<NodeMajor, string>;

export async function runWay(way: Way, tools: string | null, nodes: Nodes): Promise<Row> {
  const project = new Project(tools, way.files);
  const faults: string[] = [];
  const ran: NodeMajor[] = [];
  const words: Record<Kind, string[]> = { inline: [], exported: [], imported: [], door: [] };
  try {
    await way.build?.(project);
    for (const [major, node] of nodes) {
      if (major < (way.from ?? 0)) continue;
      ran.push(major);
      const expected = way.expected?.(major) ?? {};
      const found = await way.run(project, node).then(verdicts, (error: unknown) => reasonOf(error));
      for (const kind of KINDS) {
        const verdict = typeof found === 'string' ? 'no answer' : found[kind]!;
        const isRight = verdict === (expected[kind] ?? 'yes');
        words[kind].push(isRight ? verdict : 'NO');
        if (!isRight && typeof found !== 'string')
          faults.push(`${way.name}, Node ${major}, ${kind}: ${verdict}`);
      }
      if (typeof found === 'string') faults.push(`${way.name}, Node ${major}: ${found}`);
    }
  } catch (error) {
    faults.push(`${way.name} cannot be built: ${reasonOf(error)}`);
  } finally {
    project.remove();
  }
  return {
    name: way.name,
    nodes: ran,
    words: Object.fromEntries(KINDS.map((kind) => [kind, summed(words[kind], ran)])) as Record<Kind, string>,
    faults,
  };
}

/** The word of the newest Node, and the Nodes with another. */
function summed(words: readonly string[], nodes: readonly NodeMajor[]): string {
  const usual = words.at(-1);
  if (usual === undefined) return 'NO';
  const others = words.flatMap((word, i) => (word === usual ? [] : [`${nodes[i]} ${word}`]));
  return [usual, ...others].join(', ');
}
