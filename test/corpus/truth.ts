/** What is known about a program of the corpus: its `truth.md`. */

export interface Truth {
  /** What is traced: `simul trace PROGRAM`, or with blanks in it `simul trace -- COMMAND`. */
  readonly run: string;
  /** Null: it ends by itself. */
  readonly interruptAfterMs: number | null;
  /** How it is ended; a second SIGINT comes a second later. */
  readonly interrupt: 'SIGINT' | 'SIGINT twice' | 'SIGKILL';
  /** The finding that names the fault. */
  readonly rule: string;
  /** One of them must be named. */
  readonly lines: readonly number[];
  /** All of them must be named. */
  readonly names: readonly string[];
  /** What a developer would do. */
  readonly mend: string;
  /** False: another field's fault, which is run and not counted. */
  readonly isCounted: boolean;
}

/**
 * Reads `- FIELD: VALUE` lines. Fields that only people read are left out.
 * @throws Error naming the field that is missing or unreadable
 */
export function parseTruth(text: string): Truth {
  const fields = new Map<string, string>();
  for (const [, name = '', value = ''] of text.matchAll(/^- ([a-z ]+): (.*)$/gm))
    fields.set(name, value.trim());
  const isCounted = !/^no\b/.test(fields.get('counted') ?? 'yes');
  const field = (name: string): string => {
    const value = fields.get(name);
    if (value === undefined && isCounted) throw new Error(`the field "${name}" is missing`);
    return withoutNote(value ?? '');
  };
  const lines = field('lines').split(/\s+/).filter(Boolean).map(Number);
  if (lines.some((line) => !Number.isInteger(line)))
    throw new Error('the field "lines" holds no line numbers');
  return {
    run: fields.get('run') ?? '',
    interruptAfterMs: interruptOf(fields.get('ends') ?? 'by itself'),
    interrupt: /SIGKILL/.test(fields.get('ends') ?? '')
      ? 'SIGKILL'
      : /twice|a second one/.test(fields.get('ends') ?? '')
        ? 'SIGINT twice'
        : 'SIGINT',
    rule: field('rule'),
    lines,
    names: field('names').split(/\s+/).filter(Boolean),
    mend: field('mend'),
    isCounted,
  };
}

/** A line of another file than the program's has that file's name in front: `tasks.py:5`. */
const withoutNote = (value: string): string =>
  value.replace(/\s*\((?:one|all) of them\)$/, '').replaceAll(/\b[\w.-]+\.\w+:(?=\d)/g, '');

function interruptOf(ends: string): number | null {
  if (/^by itself(?: \(.*\))?$/.test(ends)) return null;
  const [, seconds] = /^SIG(?:INT|KILL)(?: twice)? after (\d+) s(?: \(.*\))?$/.exec(ends) ?? [];
  if (seconds === undefined)
    throw new Error(`the field "ends" is neither "by itself" nor "SIGINT after N s"`);
  return Number(seconds) * 1000;
}
