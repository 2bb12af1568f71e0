/**
 * What a CPU profile of V8's says of a thread: at each look the function of the program's that was
 * at work, and what it had called. A function is named by the line on which it begins: a profile
 * has no line of the calls between functions.
 */
import { SafeMap } from '../../../recorder/built-ins.ts';
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
  readonly at: {
    readonly file: string;
    readonly line: number;
    readonly column: number;
    readonly name: string;
  } | null;
  /** What it called, or what ran where there is none: "gzipSync", "code of ajv"; '': itself. */
  readonly what: string;
  /** The call tells of itself (blocking-calls.ts), where it takes long. */
  readonly tellsItself: boolean;
  us: number;
  /** How much of it in native code, which may have slept. */
  nativeUs: number;
  samples: number;
}

/** One look, and the time up to the next one. */
export interface Look {
  readonly fromUs: number;
  readonly toUs: number;
  /** Null: the thread did not work. */
  readonly place: ProfilePlace | null;
}

export const INSTRUMENT = 'the instrument';
const NATIVE = 'native code';
const NOT_AT_WORK: ReadonlySet<string> = new Set(['(idle)', '(root)']);
/** Functions of the program's are called anything, `toString` too: these have no prototype. */
const ROOT_NAMES: Readonly<Record<string, string>> = {
  __proto__: null as never,
  '(program)': NATIVE,
  '(garbage collector)': 'garbage collection',
};
/** Code that V8 has compiled of a pattern, which follows: that may hold values of the program's. */
const PATTERN = 'RegExp: ';
/** Functions of Node's that stand for many, by what they are called. */
const WRAPPERS: Readonly<Record<string, string>> = {
  __proto__: null as never,
  syncBufferWrapper: 'a Sync function of zlib',
  asyncBufferWrapper: 'a function of zlib',
};
/** Functions of Node's that the agent calls for itself; what stands in for others has no name. */
const OWN_CALLS: ReadonlySet<string> = new Set(['encodeInto', 'decode', 'openSync', 'readSync', 'writeSync']);
const CONSOLE = 'node:internal/console/constructor';
/** No stack of V8's own is read deeper. */
const MAX_DEPTH = 200;

/**
 * What was seen, in the order of time.
 * @param toFrame the frame of a function in the user's text
 */
export function looksOf(
  { nodes, samples = [], timeDeltas = [], startTime, endTime }: CpuProfile,
  toFrame: (callFrame: ProfileNode['callFrame']) => HereFrame,
  isAgent: (file: string) => boolean,
): Look[] {
  const byId = new SafeMap<number, ProfileNode>();
  const parents = new SafeMap<number, ProfileNode>();
  for (const node of nodes) {
    byId.set(node.id, node);
    for (const child of node.children ?? []) parents.set(child, node);
  }
  const frames = new SafeMap<ProfileNode, HereFrame>();
  const frameOf = (node: ProfileNode): HereFrame => {
    let frame = frames.get(node);
    if (frame === undefined) frames.set(node, (frame = toFrame(node.callFrame)));
    return frame;
  };
  const placeOfNode = new SafeMap<number, ProfilePlace | null>();
  const places = new SafeMap<string, ProfilePlace>();
  const find = (id: number): ProfilePlace | null => {
    const leaf = byId.get(id);
    if (leaf === undefined || NOT_AT_WORK.has(leaf.callFrame.functionName)) return null;
    const { file } = frameOf(leaf);
    if (sleeps(leaf, parents.get(id), file !== null && isAgent(file))) return null;
    const stack: HereFrame[] = [];
    let node: ProfileNode | undefined = leaf;
    // The root is no frame.
    for (let above = parents.get(id); above !== undefined && stack.length < MAX_DEPTH;) {
      stack.push(frameOf(node));
      node = above;
      above = parents.get(node.id);
    }
    const seen = readPlace(leaf, stack, isAgent);
    const { at, what } = seen;
    const key = at === null ? what : `${at.file}:${at.line}:${at.column} ${what}`;
    let place = places.get(key);
    if (place === undefined) places.set(key, (place = { ...seen, us: 0, nativeUs: 0, samples: 0 }));
    return place;
  };
  const looks: Look[] = [];
  let t = startTime;
  for (let i = 0; i < samples.length; i++) {
    t += timeDeltas[i] ?? 0;
    const id = samples[i]!;
    let place = placeOfNode.get(id);
    if (place === undefined) placeOfNode.set(id, (place = find(id)));
    const toUs = Math.max(t, i + 1 < samples.length ? t + (timeDeltas[i + 1] ?? 0) : endTime);
    looks.push({ fromUs: t, toUs, place });
    if (place === null) continue;
    place.us += toUs - t;
    place.samples++;
    if (isNative(byId.get(id)!)) place.nativeUs += toUs - t;
  }
  return looks;
}

/** The most time first. */
export function placesOf(looks: readonly Look[]): ProfilePlace[] {
  const places = new Set<ProfilePlace>();
  for (const { place } of looks) if (place !== null) places.add(place);
  return [...places].sort((a, b) => b.us - a.us);
}

/**
 * Native code in which a thread sleeps: `Atomics.wait`, which V8 shows as a frame of its own or as
 * what stands in for it, and what a child process is waited for.
 */
function sleeps(
  { callFrame: { functionName, url } }: ProfileNode,
  above: ProfileNode | undefined,
  isAgents: boolean,
): boolean {
  if (functionName === 'wait') return url === '' || isAgents;
  return url === '' && functionName === 'spawn' && above?.callFrame.functionName === 'spawnSync';
}

/** Code of V8's own, of Node's or of an addon that is no JavaScript. */
const isNative = ({ callFrame: { functionName, url } }: ProfileNode): boolean =>
  url === '' && functionName !== '(garbage collector)' && !functionName.startsWith(PATTERN);

function readPlace(
  leaf: ProfileNode,
  stack: readonly HereFrame[],
  isAgent: (file: string) => boolean,
): Pick<ProfilePlace, 'at' | 'what' | 'tellsItself'> {
  const nowhere = (what: string) => ({ at: null, what, tellsItself: false });
  const own = ROOT_NAMES[leaf.callFrame.functionName];
  if (own !== undefined && stack.length <= 1) return nowhere(own);
  const frames = stack.filter(isTold).map(withPlainName);
  const isOurs = ({ file }: HereFrame): boolean => file !== null && isAgent(file);
  // What Node does below a function that stands in for one of Node's, the program asked for.
  const innermost = frames.find(({ script }) => script !== '');
  if (innermost !== undefined && isOurs(innermost)) return nowhere(INSTRUMENT);
  const read = readStack(frames, isAgent, true, true);
  if (read.is === 'held') {
    const { file, line, column, name } = read.deepest;
    const above = frames.slice(0, frames.indexOf(read.deepest));
    const ours = above.find(isOurs);
    if (ours !== undefined && ours.name !== '' && OWN_CALLS.has(read.callee)) return nowhere(INSTRUMENT);
    const what = WRAPPERS[read.callee] ?? read.callee;
    return { at: { file, line, column, name }, what, tellsItself: ours !== undefined };
  }
  const what = read.is === 'foreign' ? read.what : '';
  if (what !== '' && what !== 'Node itself') return nowhere(what);
  return nowhere(frames.some(isOurs) ? INSTRUMENT : nodeModule(frames));
}

/** V8's console stands before Node's. */
const isTold = ({ name, script }: HereFrame): boolean => script !== '' || name !== 'consoleCall';

function withPlainName(frame: HereFrame): HereFrame {
  const { name, script } = frame;
  if (name.startsWith(PATTERN)) return { ...frame, name: 'RegExp' };
  return script === CONSOLE && /^[a-z]+$/.test(name) ? { ...frame, name: `console.${name}` } : frame;
}

/** "node:zlib": the innermost module of Node's that a program can load; else it is Node's alone. */
function nodeModule(frames: readonly HereFrame[]): string {
  const scripts = frames.map(({ script }) => script).filter((script) => script.startsWith('node:'));
  const found = scripts.find((script) => !script.startsWith('node:internal/'));
  if (found === undefined) return scripts.length === 0 ? NATIVE : 'Node itself';
  return found.replace(/^node:_(http|tls|stream).*/, 'node:$1');
}
