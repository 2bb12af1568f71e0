/**
 * What was found in a traced run of tests, each finding with the test that it belongs to: the one
 * whose work it is about, else the only one that ran at its time in its process.
 */
import { relative, sep } from 'node:path';
import type { Finding, Severity } from '../../trace/findings/finding.ts';
import { RULES, startRules } from '../../trace/findings/registry.ts';
import { printable } from '../../trace/format/printable.ts';
import { State, STATE_NAMES } from '../../trace/model/state.ts';
import { Trace } from '../../trace/model/trace.ts';
import { isCause } from '../../trace/queries/causes.ts';
import { plain } from '../../trace/words/sentence.ts';
import { openTrace } from '../open-trace.ts';
import { findLeakedTasks, LEAKED_TASK } from './leaked-tasks.ts';
import { findTests, pythonTestAt, type RanTest } from './find-tests.ts';

export interface Place {
  /** With `/`, from the folder of the run; as recorded where it is not below it. */
  readonly file: string;
  /** 1-based; 0: not known. */
  readonly line: number;
  readonly column: number;
}

/** A step of a task on the way to the finding. */
export interface TestStep {
  readonly task: string;
  readonly words: string;
  readonly place: Place;
  /** Its number in the order of time, over all tasks of the finding. */
  readonly order: number;
}

export interface TestFinding {
  readonly rule: string;
  readonly severity: Severity;
  readonly words: string;
  /** Where to look first; null: not known. */
  readonly place: Place | null;
  /** "orders › adds"; '': it is of no single test. */
  readonly test: string;
  readonly testPlace: Place | null;
  readonly steps: readonly TestStep[];
}

export interface TestRun {
  /** How many tests were seen, files and repeats included. */
  readonly tests: number;
  /** The gravest first. */
  readonly findings: readonly TestFinding[];
  /** What could not be read, one sentence each. */
  readonly troubles: readonly string[];
}

/** Names that `--fail-on` takes, besides severities. */
export const TEST_RULES: readonly string[] = [...RULES.map(({ name }) => name), LEAKED_TASK];

/** Steps of one finding. */
const MAX_STEPS = 40;

/** @param folder of the run. @returns one sentence when there is no trace */
export function readTestRun(path: string, folder: string): TestRun | string {
  const trace = new Trace();
  const rules = startRules(trace);
  const opened = openTrace(path, rules.observers, trace);
  if (typeof opened === 'string') return opened;
  const tests = findTests(trace);
  const owners = new TestOwners(trace, tests);
  const causes = rules.findings().filter((finding) => isCause(finding));
  // Who goes on un-awaited is told as such, whenever the test ended.
  const told = new Set(causes.filter(({ rule }) => rule === 'never-awaited').flatMap(({ tasks }) => tasks));
  const leaked = findLeakedTasks(trace, (task) => owners.ofTask(task));
  const found = [...causes, ...leaked.filter(({ tasks }) => !told.has(tasks[0]!))];
  const describe = new FindingReader(trace, folder, owners);
  return {
    tests: tests.length,
    findings: withoutRepeats(found.map((finding) => describe.read(finding)).filter(isTold)),
    troubles: opened.troubles,
  };
}

/** Of notes only those of a test that held its thread: nobody else may have wanted it this time. */
const isTold = ({ severity, rule, test }: TestFinding): boolean =>
  severity !== 'info' || (rule === 'blocked-event-loop' && test !== '');

/** One test that several runs repeat says the same each time. */
function withoutRepeats(findings: readonly TestFinding[]): TestFinding[] {
  const seen = new Set<string>();
  return findings.filter(({ rule, test, place }) => {
    const key = `${rule}\n${test}\n${place?.file}:${place?.line}`;
    return !seen.has(key) && seen.add(key);
  });
}

class TestOwners {
  readonly #trace: Trace;
  readonly #byTask = new Map<number, RanTest>();

  constructor(trace: Trace, tests: readonly RanTest[]) {
    this.#trace = trace;
    for (const test of tests) this.#byTask.set(test.task, test);
  }

  /** The task's own test, the task itself left out; −1: none. */
  ofTask(task: number): number {
    const { parent } = this.#trace.tasks;
    if (this.#byTask.has(task)) return -1;
    for (let at = parent[task]!; at >= 0; at = parent[at]!) if (this.#byTask.has(at)) return at;
    return -1;
  }

  of({ tasks, t, sinceNs = t, sites }: Finding): Omit<RanTest, 'task'> | null {
    for (const task of tasks) {
      const own = this.#byTask.get(task) ?? this.#byTask.get(this.ofTask(task));
      if (own !== undefined) return own;
    }
    const site = this.#trace.sites[sites[0] ?? -1];
    const inPython = site === undefined ? null : pythonTestAt(site.file, site.line);
    if (inPython !== null) return inPython;
    const process = this.#processOf(tasks, sites);
    const { tasks: table } = this.#trace;
    const running = [...this.#byTask.values()].filter(({ task }) => {
      if (table.process[task] !== process || table.beganNs[task]! > sinceNs) return false;
      return table.state[task] !== State.ended || table.endedNs[task]! >= sinceNs;
    });
    return running.length === 1 ? running[0]! : null;
  }

  #processOf(tasks: readonly number[], sites: readonly number[]): number {
    const task = tasks[0];
    if (task !== undefined) return this.#trace.tasks.process[task]!;
    return this.#trace.sites[sites[0] ?? -1]?.process ?? -1;
  }
}

class FindingReader {
  readonly #trace: Trace;
  readonly #folder: string;
  readonly #owners: TestOwners;

  constructor(trace: Trace, folder: string, owners: TestOwners) {
    this.#trace = trace;
    this.#folder = folder;
    this.#owners = owners;
  }

  read(finding: Finding): TestFinding {
    const test = this.#owners.of(finding);
    const testPlace = test === null ? null : { file: this.#shown(test.file), line: test.line, column: 1 };
    const site = finding.sites.find((index) => index >= 0) ?? -1;
    return {
      rule: finding.rule,
      severity: finding.severity,
      words: printable(plain(finding.words)),
      place: this.#placeOf(site) ?? testPlace,
      test: test === null ? '' : printable(test.titles.join(' › ')),
      testPlace,
      steps: this.#stepsOf(finding),
    };
  }

  #placeOf(site: number): Place | null {
    const at = this.#trace.sites[site];
    if (at === undefined || at.line === 0) return null;
    return { file: this.#shown(at.file), line: at.line, column: Math.max(1, at.column) };
  }

  #shown(file: string): string {
    const below = relative(this.#folder, file);
    return printable((below.startsWith('..') ? file : below).split(sep).join('/'));
  }

  /** Of each task: where it began, where it stands, how it ended. */
  #stepsOf({ tasks }: Finding): TestStep[] {
    const { tasks: table } = this.#trace;
    const steps = tasks.slice(0, MAX_STEPS / 2).flatMap((task) => {
      const label = printable(this.#trace.labelOf(task));
      const began = {
        task: label,
        words: `${label} begins`,
        t: table.beganNs[task]!,
        site: table.site[task]!,
      };
      const state = table.state[task]!;
      const isOver = state === State.ended;
      const last = {
        task: label,
        words: isOver ? `${label} ends` : `${label}: ${STATE_NAMES[state as 1 | 2 | 3] ?? 'unknown'}`,
        t: isOver ? table.endedNs[task]! : table.sinceNs[task]!,
        site: isOver ? table.endSite[task]! : table.waitSite[task]!,
      };
      return [began, last];
    });
    return steps
      .sort((a, b) => a.t - b.t)
      .flatMap(({ task, words, site }, order) => {
        const place = this.#placeOf(site);
        return place === null ? [] : [{ task, words, place, order }];
      });
  }
}
