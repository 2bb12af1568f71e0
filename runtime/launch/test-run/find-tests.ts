/**
 * The tests that a traced test runner ran: callbacks that are named by the title of their call
 * (`test('adds')`), and functions of Python that are named like tests. Their full titles come from
 * the text of the file, since a runner has left the groups around a test before it runs the test.
 */
import { readFileSync } from 'node:fs';
import { LANGUAGE } from '../../trace/format/kinds.ts';
import type { Trace } from '../../trace/model/trace.ts';
import { testsIn, type TestPlace } from '../test-titles.ts';

export interface RanTest {
  /** Index of its activation. */
  readonly task: number;
  /** As recorded. */
  readonly file: string;
  readonly line: number;
  /** Of the groups around it, the outermost first, and its own. */
  readonly titles: readonly string[];
}

const CALL = /^(?:it|test|specify)\((['"`])([^]*)\1\)$/;
const PYTHON_TEST = /^(?:test_|test$)/;

/** Tests in the order in which they began; one that is run again is there again. */
export function findTests(trace: Trace): RanTest[] {
  const places = new Map<string, ReadonlyMap<number, TestPlace>>();
  const tests: RanTest[] = [];
  for (let task = 0; task < trace.tasks.count; task++) {
    const site = trace.sites[trace.tasks.site[task]!];
    if (site === undefined) continue;
    const title = titleOf(trace, task);
    if (title === null) continue;
    let inFile = places.get(site.file);
    if (inFile === undefined) places.set(site.file, (inFile = readPlaces(site.file)));
    const titles = inFile.get(site.line)?.titles ?? [title];
    tests.push({ task, file: site.file, line: site.line, titles });
  }
  return tests;
}

/** null: it is no test */
function titleOf(trace: Trace, task: number): string | null {
  const { name, process, site } = trace.tasks;
  const isPython = trace.processes[process[task]!]?.language === LANGUAGE.python;
  if (isPython) {
    const fn = trace.sites[site[task]!]!.fn.split('.').at(-1) ?? '';
    return PYTHON_TEST.test(fn) ? fn : null;
  }
  const match = CALL.exec(trace.text(name[task]!) || trace.nameOf(task));
  return match === null ? null : match[2]!.replace(/\\(.)/g, '$1');
}

/** By 1-based line; none where the file cannot be read. */
const readPlaces = (file: string): ReadonlyMap<number, TestPlace> =>
  new Map(testsIn(readLines(file)).map((place) => [place.line + 1, place]));

const PYTHON_DEF = /^(\s*)(?:async\s+)?def\s+(test\w*)/;

/**
 * The function of a Python file that is named like a test and holds this line: a test without a
 * coroutine of its own is no task. Null: there is none.
 */
export function pythonTestAt(file: string, line: number): Omit<RanTest, 'task'> | null {
  if (!file.endsWith('.py')) return null;
  const lines = readLines(file);
  const indentOf = (text: string): number => text.length - text.trimStart().length;
  const indent = indentOf(lines[line - 1] ?? '');
  for (let at = line - 1; at >= 0; at--) {
    const match = PYTHON_DEF.exec(lines[at] ?? '');
    if (match !== null && (match[1]!.length < indent || at === line - 1))
      return { file, line: at + 1, titles: [match[2]!] };
    if (at < line - 1 && /^\S/.test(lines[at] ?? '')) return null;
  }
  return null;
}

function readLines(file: string): readonly string[] {
  try {
    return readFileSync(file, 'utf8').split(/\r?\n/);
  } catch {
    return [];
  }
}
