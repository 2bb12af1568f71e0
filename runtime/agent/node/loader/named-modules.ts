/**
 * Node's modules that a text names, before it is compiled: what is to be watched in them is watched
 * when the first text names them. Loading them for every program would cost 20 ms.
 *
 * It runs in the program: it looks up nothing that the program may have replaced.
 */
import { syncBuiltinESMExports } from 'node:module';
import { builtIns } from '../../../recorder/built-ins.ts';

interface Waiting {
  /** One of them is enough. */
  readonly names: readonly string[];
  readonly onNamed: () => void;
  readonly isLookedAtElsewhere: boolean;
}

/** What is done once; null: it was. */
const waiting: (Waiting | null)[] = [];
let left = 0;
const includesIn = Buffer.prototype.includes;
const { apply, indexOf } = builtIns;

/**
 * @param name of the module, or several forms of it
 * @param onNamed called once, before the first text that names the module runs
 * @param isLookedAtElsewhere another thread looks at the texts that are read there
 */
export function whenNamed(
  name: string | readonly string[],
  onNamed: () => void,
  isLookedAtElsewhere = false,
): void {
  waiting[waiting.length] = { names: typeof name === 'string' ? [name] : name, onNamed, isLookedAtElsewhere };
  left++;
}

/** Does what waits for the modules that are named. */
function watch(isNamed: (name: string, isLookedAtElsewhere: boolean) => boolean): void {
  if (left === 0) return;
  const before = left;
  for (let i = 0; i < waiting.length; i++) {
    const each = waiting[i];
    if (each === null || each === undefined || !isAnyNamed(each, isNamed)) continue;
    waiting[i] = null;
    left--;
    each.onNamed();
  }
  if (left < before) syncBuiltinESMExports();
}

function isAnyNamed(
  { names, isLookedAtElsewhere }: Waiting,
  isNamed: (name: string, isLookedAtElsewhere: boolean) => boolean,
): boolean {
  for (let i = 0; i < names.length; i++) if (isNamed(names[i]!, isLookedAtElsewhere)) return true;
  return false;
}

/** What was loaded already, by a text that was not seen before it ran. */
export function noteLoadedModules(): void {
  watch(isLoaded);
}

function isLoaded(name: string): boolean {
  const loaded = (process as { readonly moduleLoadList?: readonly string[] }).moduleLoadList ?? [];
  for (let i = 0; i < loaded.length; i++) if (loaded[i] === `NativeModule ${name}`) return true;
  return false;
}

/** From here on texts are read on a thread of Node's, and are not seen before they run. */
export function watchUnseenTexts(): void {
  watch((_name, isLookedAtElsewhere) => !isLookedAtElsewhere);
}

export function noteNamedModules(text: unknown): void {
  watch((name) => isNamedIn(text, name));
}

export function isNamedIn(text: unknown, name: string): boolean {
  if (typeof text === 'string') return indexOf(text, name) >= 0;
  return text instanceof Uint8Array && apply(includesIn, text, [name]) === true;
}
