/**
 * Where the things that can keep a process alive were made: servers, connections, workers, child
 * processes, watchers, ports. Node knows what is alive; only the stack at its making knows the
 * line. It keeps nothing alive itself: what is made is a weak key.
 */
import { Readable } from 'node:stream';
import { builtIns, SafeRef } from '../../../recorder/built-ins.ts';
import { isObject, plainProperty } from '../builtins/inspect-safely.ts';
import type { StackFrame } from '../errors/describe-error.ts';
import type { UncaughtErrors } from '../errors/uncaught-errors.ts';
import type { ThreadState } from '../state/thread-state.ts';
import { TimeBudget } from '../stack/time-budget.ts';

/** A place in the user's code, or the package that called. */
export interface Place {
  /** Id of a site; 0: no file of the user's was on the stack. */
  readonly site: number;
  /** The package whose code made the call; '': the user's own. */
  readonly packageName: string;
  /** Nothing of Node's or of a package was between the call and the user's line. */
  readonly isDirect: boolean;
  /** The frame of the site. */
  readonly frame: StackFrame | null;
}

export interface Origin extends Place {
  /** Id of the site that made it count again after `unref()`, or that closes it; or 0. */
  laterSite: number;
  /** Id of the activation that made it, or 0. */
  readonly creator: number;
}

const { apply, getOwnPropertyDescriptor, matches, getWeak, setWeak } = builtIns;
/** Things made last, among which the one that failed is sought. */
const MAX_RECENT = 64;
const errored = getOwnPropertyDescriptor(Readable.prototype, 'errored')?.get;
const FIRST_FILE = /^ {4}at .*?((?:file:\/\/|\/|[A-Za-z]:\\)[^\n]*)$/m;
const FIRST_IS_NODE = /^ {4}at [^\n]*\(?node:/;
const PACKAGE = /.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/;

const UNKNOWN: Place = { site: 0, packageName: '', isDirect: false, frame: null };

export class Origins {
  readonly #errors: UncaughtErrors;
  readonly #state: ThreadState;
  readonly #budget = new TimeBudget();
  readonly #origins = new WeakMap<object, Origin>();
  readonly #recent: SafeRef<object>[] = [];
  #made = 0;

  constructor(errors: UncaughtErrors, state: ThreadState) {
    this.#errors = errors;
    this.#state = state;
  }

  /**
   * The place of the code that runs now. Never throws.
   * @param isPassed as in `stackHere`
   */
  placeHere(isPassed?: (line: string) => boolean): Place {
    if (!this.#budget.begin()) return UNKNOWN;
    try {
      const { text, site, frame } = this.#errors.stackHere(isPassed);
      const packageName = matches(PACKAGE, matches(FIRST_FILE, text)?.[1] ?? '')?.[1] ?? '';
      const isDirect = packageName === '' && matches(FIRST_IS_NODE, text) === null;
      return { site, packageName, isDirect, frame };
    } catch {
      return UNKNOWN;
    } finally {
      this.#budget.end();
    }
  }

  /** `thing` is made by the code that runs now. */
  noteMade(thing: object, isPassed?: (line: string) => boolean): void {
    setWeak(this.#origins, thing, { ...this.placeHere(isPassed), laterSite: 0, creator: this.creator() });
    this.#recent[this.#made++ % MAX_RECENT] = new SafeRef(thing);
  }

  /** Id of the activation that runs now, or for which a package does; or 0. */
  creator(): number {
    const { current, creator } = this.#state;
    return current?.id ?? creator;
  }

  /** The code that runs now made it count again, or closes it. */
  noteLater(thing: object): void {
    const { site } = this.placeHere();
    const origin = getWeak(this.#origins, thing);
    if (origin !== undefined) origin.laterSite = site;
    else setWeak(this.#origins, thing, { ...UNKNOWN, laterSite: site, creator: 0 });
  }

  /** What is known of it; undefined: it was made out of sight. */
  of(thing: object): Origin | undefined {
    return getWeak(this.#origins, thing);
  }

  /**
   * Where the connection, server or child process was made that failed with an error, of those made
   * last; 0: none of them did.
   */
  siteOfFailed(error: unknown): number {
    if (typeof error !== 'object' || error === null) return 0;
    for (let i = this.#recent.length - 1; i >= 0; i--) {
      const thing = this.#recent[(this.#made + i) % this.#recent.length]?.deref();
      if (thing !== undefined && hasFailed(thing, error)) return this.of(thing)?.site ?? 0;
    }
    return 0;
  }
}

/** By its own state, or by what Node writes into the error. */
function hasFailed(thing: object, error: object): boolean {
  const syscall = plainProperty(error, 'syscall');
  if (isObject(plainProperty(thing, '_readableState')))
    return errored !== undefined && apply(errored, thing, []) === error;
  if (typeof syscall !== 'string') return false;
  if (matches(/^spawn/, syscall) !== null)
    return (
      plainProperty(thing, 'spawnfile') === plainProperty(error, 'path') &&
      plainProperty(error, 'path') !== undefined
    );
  return (
    syscall === 'listen' &&
    plainProperty(thing, '_handle') === null &&
    plainProperty(thing, '_connectionKey') !== undefined
  );
}
