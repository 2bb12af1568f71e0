/**
 * The arguments of a request. They come from outside: each is looked at before it is used, and what
 * is wrong with it becomes the sentence of an error response.
 */
import { RequestError } from './request-error.ts';

const MAX_TEXT = 100_000;
const MAX_LIST = 10_000;
const MAX_SHOWN = 60;

export class Arguments {
  readonly #command: string;
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(command: string, values: unknown) {
    this.#command = command;
    this.#values = isRecord(values) ? values : {};
  }

  /** A whole number of 32 bits. */
  integer(name: string): number {
    return this.optionalInteger(name) ?? this.#refuse(name, 'a whole number');
  }

  optionalInteger(name: string): number | undefined {
    const value = this.#values[name];
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 2 ** 31) return value;
    return this.#refuse(name, 'a whole number');
  }

  text(name: string): string {
    return this.optionalText(name) ?? this.#refuse(name, 'a text');
  }

  optionalText(name: string): string | undefined {
    const value = this.#values[name];
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'string' && value.length <= MAX_TEXT) return value;
    return this.#refuse(name, `a text of at most ${MAX_TEXT} characters`);
  }

  flag(name: string): boolean | undefined {
    const value = this.#values[name];
    return typeof value === 'boolean' ? value : undefined;
  }

  object(name: string): Arguments {
    const value = this.#values[name];
    if (isRecord(value)) return new Arguments(this.#command, value);
    return this.#refuse(name, 'an object');
  }

  /** Absent: none. */
  objects(name: string): Arguments[] {
    return this.#list(name).map((entry) =>
      isRecord(entry) ? new Arguments(this.#command, entry) : this.#refuse(name, 'a list of objects'),
    );
  }

  texts(name: string): string[] {
    return this.#list(name).map((entry) =>
      typeof entry === 'string' ? entry : this.#refuse(name, 'a list of texts'),
    );
  }

  #list(name: string): readonly unknown[] {
    const value = this.#values[name] ?? [];
    if (Array.isArray(value) && value.length <= MAX_LIST) return value;
    return this.#refuse(name, `a list of at most ${MAX_LIST}`);
  }

  #refuse(name: string, expected: string): never {
    const value = this.#values[name];
    const shown = value === undefined ? 'nothing' : shorten(value);
    throw new RequestError(`${this.#command} needs ${name} as ${expected}, and got ${shown}`);
  }
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function shorten(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= MAX_SHOWN ? text : `${text.slice(0, MAX_SHOWN)}…`;
}
