/**
 * What a stack says of a thread that is held: the line of the program's that is at work, what it
 * called there, and the line where the thread came into the program. A stack in which the agent
 * itself is at work says nothing: the agent may be in the middle of a record.
 */
import { PREFIX } from '../contract/emitted-names.ts';
import type { HereFrame } from '../stack/user-positions.ts';

export interface HeldStack {
  readonly is: 'held';
  /** The deepest line of the program's own files. */
  readonly deepest: PlacedFrame;
  /** The outermost one. Null: the stack is deeper than it was read. */
  readonly outermost: PlacedFrame | null;
  /** What the deepest line called, and has not come back: "RegExp.test"; '': it works itself. */
  readonly callee: string;
  /** Node runs what was left by `process.nextTick` and the like. */
  readonly isTick: boolean;
}

export type PlacedFrame = HereFrame & { readonly file: string };

/** No line of the program's own is on the stack, or what runs is Node's loader. */
export interface ForeignStack {
  readonly is: 'foreign';
  /** "module loading", "code of ajv"; '': nothing runs. */
  readonly what: string;
  readonly isTick: boolean;
}

/** The agent works. */
export interface AgentStack {
  readonly is: 'agent';
  readonly isTick: boolean;
}

export type ReadStack = HeldStack | ForeignStack | AgentStack;

/** Node loads modules of its own, as at the first call of `fetch`. */
const OWN_LOADER = 'node:internal/bootstrap/';
const LOADERS = ['node:internal/modules', 'node:internal/bootstrap', 'node:internal/process/esm'];

const LOADING = 'module loading';
const PACKAGES = 'node_modules';
/** Before the name of what a module exports. */
const OWNERS = ['Object.', 'Module.', 'exports.', 'module.exports.'];

/**
 * The stack below a question: the frames of the agent that answers, and that of the question
 * itself, stand above the program's.
 */
export function readQuestion(
  frames: readonly HereFrame[],
  isAgent: (file: string) => boolean,
  isWhole: boolean,
  isTransparent: boolean,
): ReadStack {
  let i = 0;
  while (i < frames.length && frames[i]!.file !== null && isAgent(frames[i]!.file!)) i++;
  return readStack(frames.slice(i + 1), isAgent, isWhole, isTransparent);
}

/**
 * @param frames the innermost first
 * @param isAgent whether a file is one of the agent's
 * @param isWhole no frame is missing
 * @param isTransparent frames of the agent's above the program's do nothing, and are passed over
 */
export function readStack(
  frames: readonly HereFrame[],
  isAgent: (file: string) => boolean,
  isWhole: boolean,
  isTransparent: boolean,
): ReadStack {
  let above: HereFrame | null = null;
  let deepest: PlacedFrame | null = null;
  let outermost: PlacedFrame | null = null;
  /** The built-in that called what stands above. */
  let below: HereFrame | null = null;
  let isLoading = false;
  const isTick = frames.at(-1)?.script === 'node:internal/process/task_queues';
  for (const frame of frames) {
    const { file, script, name } = frame;
    // A function that stands in emitted text: the program wrote the line below it.
    if (name.startsWith(PREFIX)) continue;
    if (deepest === null && script.startsWith(OWN_LOADER)) isLoading = true;
    if (file !== null && isAgent(file)) {
      if (deepest === null && !isTransparent) return { is: 'agent', isTick };
    } else if (file === null || packageOf(file) !== '') {
      if (deepest === null) above = frame;
    } else {
      // A nameless function that a built-in calls is part of that call: `sort((a, b) => …)`.
      if (deepest === null || (below !== null && isNameless(deepest))) {
        above = deepest === null ? above : below;
        deepest = frame as PlacedFrame;
      }
      outermost = frame as PlacedFrame;
    }
    below = file === null && script === '' && deepest !== null ? frame : null;
  }
  if (deepest === null || isLoading) {
    return { is: 'foreign', what: isLoading ? LOADING : foreignName(frames), isTick };
  }
  return {
    is: 'held',
    deepest,
    outermost: isWhole ? outermost : null,
    callee: above === null ? '' : calleeName(above),
    isTick,
  };
}

const isNameless = ({ name }: HereFrame): boolean => name === '' || name.includes('<anonymous>');

function foreignName(frames: readonly HereFrame[]): string {
  if (frames.length === 0) return '';
  if (frames.some(({ script }) => LOADERS.some((loader) => script.startsWith(loader)))) return LOADING;
  for (const { file } of frames) {
    const inPackage = packageOf(file ?? '');
    if (inPackage !== '') return `code of ${inPackage}`;
  }
  return 'Node itself';
}

/** "pbkdf2Sync" of "Object.pbkdf2Sync", "compile of ajv". */
function calleeName({ name, file }: HereFrame): string {
  const owner = OWNERS.find((each) => name.startsWith(each)) ?? '';
  const plain = name.slice(owner.length) || 'a function';
  const inPackage = packageOf(file ?? '');
  return inPackage === '' ? plain : `${plain} of ${inPackage}`;
}

/** "@fastify/send" of a path within it; '': it is in none. */
function packageOf(file: string): string {
  for (let at = file.lastIndexOf(PACKAGES); at > 0; at = file.lastIndexOf(PACKAGES, at - 1)) {
    const from = at + PACKAGES.length + 1;
    if (!isSlash(file[at - 1]) || !isSlash(file[from - 1])) continue;
    const end = endOfPart(file, from);
    return file[from] === '@' && end < file.length
      ? `${file.slice(from, end)}/${file.slice(end + 1, endOfPart(file, end + 1))}`
      : file.slice(from, end);
  }
  return '';
}

const isSlash = (sign: string | undefined): boolean => sign === '/' || sign === '\\';

function endOfPart(path: string, from: number): number {
  let end = from;
  while (end < path.length && !isSlash(path[end])) end++;
  return end;
}
