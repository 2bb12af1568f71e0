/** The lines of a stack as sites of the recording: shared by what tells of holds. */
import type { UncaughtErrors } from '../errors/uncaught-errors.ts';
import { framesHere } from '../stack/user-positions.ts';
import { type HeldStack, type PlacedFrame, type ReadStack, readQuestion, readStack } from './read-stack.ts';

const MAX_FRAMES = 60;
const OBJECT = 'Object.';

export interface HeldPlace {
  /** The deepest line of the program's; 0: there is none. */
  readonly site: number;
  /** The outermost one; 0: the same, or not known. */
  readonly from: number;
}

const NOWHERE: HeldPlace = { site: 0, from: 0 };

export class HeldPlaces {
  readonly #errors: UncaughtErrors;
  readonly #isAgent: (file: string) => boolean;
  readonly #names = new Map<number, string>();

  /** @param isAgent whether a file is one of the agent's */
  constructor(errors: UncaughtErrors, isAgent: (file: string) => boolean) {
    this.#errors = errors;
    this.#isAgent = isAgent;
  }

  /**
   * The stack below a question that V8 put into it.
   * @param isTransparent frames of the agent's below it do nothing, and are passed over
   */
  belowQuestion(isTransparent: boolean): ReadStack {
    const frames = framesHere(MAX_FRAMES);
    return readQuestion(frames, this.#isAgent, frames.length < MAX_FRAMES, isTransparent);
  }

  /** The lines that called what calls this. */
  ofCaller(): HeldPlace {
    const frames = framesHere(MAX_FRAMES);
    const stack = readStack(frames, this.#isAgent, frames.length < MAX_FRAMES, true);
    return stack.is === 'held' ? this.placeOf(stack) : NOWHERE;
  }

  placeOf({ deepest, outermost }: HeldStack): HeldPlace {
    const site = this.#siteOf(deepest);
    const from = outermost === null ? 0 : this.#siteOf(outermost);
    return { site, from: from === site ? 0 : from };
  }

  /** The name of the function of a site that was given here. */
  nameOf(site: number): string {
    return this.#names.get(site) ?? '';
  }

  #siteOf({ file, line, column, name }: PlacedFrame): number {
    const fn = functionName(name);
    const site = this.#errors.siteAt({ file, line, column, fn });
    this.#names.set(site, fn);
    return site;
  }
}

/** V8 names a function without a name by the property of Node's that holds it. */
export const functionName = (name: string): string =>
  name === '' ||
  name.includes('<anonymous>') ||
  name.endsWith('._onTimeout') ||
  name.endsWith('._onImmediate')
    ? '<anonymous>'
    : name.startsWith(OBJECT)
      ? name.slice(OBJECT.length)
      : name;
