/**
 * Where the things that can keep a process alive were made: servers, connections, workers, child
 * processes, watchers, ports. Node knows what is alive; only the stack at its making knows the
 * line. It keeps nothing alive itself: what is made is a weak key.
 */
import { builtIns } from '../../../recorder/built-ins.ts';
import type { StackFrame } from '../errors/describe-error.ts';
import type { UncaughtErrors } from '../errors/uncaught-errors.ts';
import type { ThreadState } from '../state/thread-state.ts';
import { TimeBudget } from './time-budget.ts';

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

const { matches, getWeak, setWeak } = builtIns;
const FIRST_FILE = /^ {4}at .*?((?:file:\/\/|\/|[A-Za-z]:\\)[^\n]*)$/m;
const FIRST_IS_NODE = /^ {4}at [^\n]*\(?node:/;
const PACKAGE = /.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/;

const UNKNOWN: Place = { site: 0, packageName: '', isDirect: false, frame: null };

export class Origins {
  readonly #errors: UncaughtErrors;
  readonly #state: ThreadState;
  readonly #budget = new TimeBudget();
  readonly #origins = new WeakMap<object, Origin>();

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
}
