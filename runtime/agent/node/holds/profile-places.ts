/**
 * What a CPU profile of V8's says of a thread, by place: the function of the program's that was at
 * work, and what it had called. A function is named by the line on which it begins: a profile has
 * no line of the calls between functions.
 */
import type { HereFrame } from '../stack/user-positions.ts';
import { readStack } from './read-stack.ts';

/** As V8's inspector gives it: `Profiler.Profile` of the DevTools protocol; times in µs. */
export interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  readonly startTime: number;
  readonly endTime: number;
  readonly samples?: readonly number[];
  readonly timeDeltas?: readonly number[];
}

export interface ProfileNode {
  readonly id: number;
  readonly callFrame: {
    readonly functionName: string;
    readonly url: string;
    /** From 0. */
    readonly lineNumber: number;
    readonly columnNumber: number;
  };
  readonly children?: readonly number[];
}

export interface ProfilePlace {
  /** The innermost function of the program's own; null: none is on the stack. */
  readonly at: { readonly file: string; readonly line: number; readonly column: number; readonly name: string } | null;
  /** What it called, or what ran where there is none: "gzipSync", "code of ajv"; '': it worked itself. */
  readonly what: string;
  us: number;
  samples: number;
}

const NOT_AT_WORK: ReadonlySet<string> = new Set(['(idle)', '(root)']);
const ROOT_NAMES: Readonly<Record<string, string>> = {
  '(program)': 'native code',
  '(garbage collector)': 'garbage collection',
};
/** Built-ins in which a thread sleeps. */
const SLEEPS: ReadonlySet<string> = new Set(['wait', 'spawnSync', 'epoll_wait']);
const MAX_DEPTH = 200;

/**
 * @param toFrame the frame of a function in the user's text
 * @returns the most time first
 */
export function placesOf(
  { nodes, samples = [], timeDeltas = [], startTime, endTime }: CpuProfile,
  toFrame: (callFrame: ProfileNode['callFrame']) => HereFrame,
  isAgent: (file: string) => boolean,
): ProfilePlace[] {
  const byId = new Map<number, ProfileNode>();
  const parents = new Map<number, ProfileNode>();
  for (const node of nodes) {
    byId.set(node.id, node);
    for (const child of node.children ?? []) parents.set(child, node);
  }
  const frames = new Map<ProfileNode, HereFrame>();
  const frameOf = (node: ProfileNode): HereFrame => {
    let frame = frames.get(node);
    if (frame === undefined) frames.set(node, (frame = toFrame(node.callFrame)));
    return frame;
  };
  const placeOfNode = new Map<number, ProfilePlace | null>();
  const places = new Map<string, ProfilePlace>();
  const find = (id: number): ProfilePlace | null => {
    const leaf = byId.get(id);
    if (leaf === undefined || NOT_AT_WORK.has(leaf.callFrame.functionName) || sleeps(leaf)) return null;
    const stack: HereFrame[] = [];
    for (let at: ProfileNode | undefined = leaf; at !== undefined && stack.length < MAX_DEPTH; at = parents.get(at.id))
      if (parents.has(at.id)) stack.push(frameOf(at));
    const { at, what } = readPlace(leaf, stack, isAgent);
    const key = at === null ? what : `${at.file}:${at.line}:${at.column} ${what}`;
    let place = places.get(key);
    if (place === undefined) places.set(key, (place = { at, what, us: 0, samples: 0 }));
    return place;
  };
  let t = startTime;
  for (let i = 0; i < samples.length; i++) {
    t += timeDeltas[i] ?? 0;
    const id = samples[i]!;
    let place = placeOfNode.get(id);
    if (place === undefined) placeOfNode.set(id, (place = find(id)));
    if (place === null) continue;
    const untilT = i + 1 < samples.length ? t + (timeDeltas[i + 1] ?? 0) : endTime;
    place.us += Math.max(0, untilT - t);
    place.samples++;
  }
  return [...places.values()].sort((a, b) => b.us - a.us);
}

const sleeps = ({ callFrame: { functionName, url } }: ProfileNode): boolean =>
  url === '' && SLEEPS.has(functionName);

function readPlace(
  leaf: ProfileNode,
  frames: readonly HereFrame[],
  isAgent: (file: string) => boolean,
): Pick<ProfilePlace, 'at' | 'what'> {
  const own = ROOT_NAMES[leaf.callFrame.functionName];
  if (own !== undefined && frames.length <= 1) return { at: null, what: own };
  // What Node does below a function that stands in for one of Node's, the program asked for.
  const innermost = frames.find(({ script }) => script !== '');
  if (innermost?.file != null && isAgent(innermost.file)) return { at: null, what: 'the instrument' };
  const stack = readStack(frames, isAgent, true, true);
  if (stack.is === 'held') {
    const { file, line, column, name } = stack.deepest;
    return { at: { file, line, column, name }, what: stack.callee };
  }
  const what = stack.is === 'foreign' ? stack.what : '';
  return { at: null, what: what === 'Node itself' || what === '' ? nodeModule(frames) : what };
}

/** "node:zlib": the innermost of Node's public modules on the stack. */
function nodeModule(frames: readonly HereFrame[]): string {
  const scripts = frames.map(({ script }) => script).filter((script) => script.startsWith('node:'));
  const found = scripts.find((script) => !script.startsWith('node:internal/')) ?? scripts[0];
  return found === undefined ? 'native code' : found.replace(/^node:_(http|tls|stream).*/, 'node:$1');
}
