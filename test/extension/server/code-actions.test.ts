/**
 * Each fix is applied to a program that was traced, and the program is traced again: its finding is
 * gone, and what it prints is the same, unless the finding was that it printed the wrong thing.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { after, describe, it } from 'mocha';
import type { CodeAction, TextDocumentEdit, TextEdit } from 'vscode-languageserver/node';
import { mayHoldComment } from '../../../extension/server/fixes/fixes-of.ts';
import { SourceFile } from '../../../extension/server/fixes/source-file.ts';
import { codeActionsFor } from '../../../extension/server/code-actions.ts';
import { type Problem, problemsOf } from '../../../extension/server/problems.ts';
import { WholeDocument } from '../../../extension/server/whole-document.ts';
import {
  readSilenceRequest,
  SILENCE_COMMAND,
  TRACE_COMMAND,
} from '../../../runtime/trace/messages/server.ts';
import { startRules } from '../../../runtime/trace/findings/registry.ts';
import { Fold } from '../../../runtime/trace/fold/fold.ts';
import { Trace } from '../../../runtime/trace/model/trace.ts';
import { needsCompiling } from '../../../runtime/launch/runnable-files.ts';
import { traceEnv } from '../../../runtime/launch/start-trace.ts';
import { readRecording } from '../../../runtime/launch/read-recording.ts';
import { tree } from '../../machine/tree.ts';

const home = realpathSync(mkdtempSync(join(tmpdir(), 'simul-fixes-')));
mkdirSync(join(home, 'node_modules'));
symlinkSync(tree, join(home, 'node_modules/simul'));
after(() => rmSync(home, { recursive: true, force: true }));
let programs = 0;

interface Traced {
  readonly output: string;
  readonly trace: Trace;
  readonly document: WholeDocument;
  readonly problems: readonly Problem[];
}

function traceProgram(name: string, text: string): Traced {
  const folder = join(home, String(programs++));
  mkdirSync(folder);
  const file = join(folder, name);
  writeFileSync(file, text);
  const recording = join(folder, 'recording');
  mkdirSync(recording);
  const output = execFileSync(process.execPath, [file], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: traceEnv({ recording, env: process.env, depth: 'full', compiles: needsCompiling(file) }),
  });
  const trace = new Trace();
  const rules = startRules(trace);
  const fold = new Fold(rules.observers, trace);
  readRecording(recording, {
    onRecords: (part, records) => fold.feed(part, records),
    onTrouble: (words) => assert.fail(words),
  });
  fold.end();
  const uri = pathToFileURL(file).href;
  const document = new WholeDocument(uri, 'typescript', 1, text);
  const options = {
    silenced: new Set<string>(),
    documentOf: (of: string) => (of === uri ? document : undefined),
  };
  const problems = problemsOf(trace, rules.findings(), options).get(uri) ?? [];
  return { output, trace, document, problems };
}

const actionsOf = ({ document, problems, trace }: Traced): CodeAction[] =>
  codeActionsFor({
    document,
    problems,
    diagnostics: problems.map(({ diagnostic }) => diagnostic),
    trace,
  });

const rulesOf = ({ problems }: Traced): string[] => problems.map(({ finding }) => finding.rule);

function applied({ document }: Traced, action: CodeAction): string {
  const [change] = action.edit!.documentChanges as [TextDocumentEdit];
  assert.deepEqual(change.textDocument, { uri: document.uri, version: 1 });
  const offsetOf = ({ line, character }: TextEdit['range']['start']): number =>
    document.text.split('\n').slice(0, line).join('\n').length + (line > 0 ? 1 : 0) + character;
  const edits = (change.edits as TextEdit[])
    .map(({ range, newText }) => ({ start: offsetOf(range.start), end: offsetOf(range.end), newText }))
    .sort((a, b) => b.start - a.start);
  return edits.reduce(
    (text, { start, end, newText }) => text.slice(0, start) + newText + text.slice(end),
    document.text,
  );
}

interface Case {
  readonly name: string;
  readonly file: string;
  readonly text: string;
  readonly rule: string;
  /** The end of the fix's title. */
  readonly fix: RegExp;
  /** A part of the text afterwards. */
  readonly becomes: string;
  /** What it prints before, and after where that differs: the finding was the reason. */
  readonly prints: readonly [string, string?];
}

const DELAY = `import { setTimeout as delay } from 'node:timers/promises';\n`;
const LOADS = `${DELAY}const load = async (key: string, ms: number): Promise<string> => {
  await delay(ms);
  return key;
};
`;

const CASES: readonly Case[] = [
  {
    name: 'declarations one below the other',
    file: 'page.mts',
    text: `${LOADS}async function page(id: string): Promise<string> {
  const who = await load(id, 60);
  const now = await load('new', 50);
  const { at } = await load('rate', 70);
  return [who, now, at.name].join();
}
console.log(await page('ada'));
`,
    rule: 'one-by-one',
    fix: /3 together/,
    becomes: `  const [who, now, { at }] = await Promise.all([load(id, 60), load('new', 50), load('rate', 70)]);\n`,
    prints: ['ada,new,at\n'],
  },
  {
    name: 'declarations with types, comments and long calls, without semicolons',
    file: 'page.mts',
    text: `${LOADS}async function page(id: string): Promise<string> {
  const user: string = await load(id, 60) // who
  // what is new
  const news: string = await load('all the news that is fit to print, and a little more than that', 50)
  return [user, news].join()
}
console.log(await page('ada'))
`,
    rule: 'one-by-one',
    fix: /2 together/,
    becomes: `  const [user, news]: [string, string] = await Promise.all([
    load(id, 60), // who
    // what is new
    load('all the news that is fit to print, and a little more than that', 50),
  ])
`,
    prints: ['ada,all the news that is fit to print, and a little more than that\n'],
  },
  {
    name: 'what needs the first stays behind it',
    file: 'invoice.mts',
    text: `${LOADS}async function invoice(id: string): Promise<string> {
  const customer = await load(id, 40);
  const address = await load(customer + '!', 50);
  const rate = await load('rate', 60);
  return [customer, address, rate].join();
}
console.log(await invoice('c'));
`,
    rule: 'one-by-one',
    fix: /2 together/,
    becomes: `  const customer = await load(id, 40);
  const [address, rate] = await Promise.all([load(customer + '!', 50), load('rate', 60)]);
`,
    prints: ['c,c!,rate\n'],
  },
  {
    name: 'a loop over a collection, with a declaration',
    file: 'stock.mts',
    text: `${LOADS}async function stock(articles: readonly string[]): Promise<string[]> {
  const lines: string[] = [];
  for (const article of articles) {
    const found = await load(article, 30 - article.length * 3);
    lines.push(\`\${article}:\${found.length}\`);
  }
  return lines;
}
console.log((await stock(['nut', 'washer', 'bolt', 'screw', 'nail'])).join());
`,
    rule: 'one-by-one',
    fix: /all turns/,
    becomes: `  for (const [article, found] of await Promise.all(
    Array.from(articles, async (article) => [article, await load(article, 30 - article.length * 3)] as const),
  )) {
    lines.push(\`\${article}:\${found.length}\`);
  }
`,
    prints: ['nut:3,washer:6,bolt:4,screw:5,nail:4\n'],
  },
  {
    name: 'a loop that counts, in JavaScript',
    file: 'sizes.mjs',
    text: `${DELAY}const sizes = {};
async function sizeOf(name) {
  await delay(30);
  return name.length;
}
async function measure(names) {
  for (let i = 0; i < names.length; i++) {
    sizes[names[i]] = await sizeOf(names[i]);
  }
}
await measure(['a', 'bb', 'ccc', 'd', 'e']);
console.log(Object.entries(sizes).join(';'));
`,
    rule: 'one-by-one',
    fix: /all turns/,
    becomes: `  for (const [i, awaited] of await Promise.all(
    Array.from({ length: names.length }, async (_, i) => [i, await sizeOf(names[i])]),
  )) {
    sizes[names[i]] = awaited;
  }
`,
    prints: ['a,1;bb,2;ccc,3;d,1;e,1\n'],
  },
  {
    name: 'a dropped promise, awaited',
    file: 'form.mts',
    text: `${DELAY}const rows: string[] = [];
async function save(row: string): Promise<void> {
  await delay(20);
  rows.push(row);
}
async function submit(form: readonly string[]): Promise<number> {
  for (const row of form) save(row);
  return rows.length;
}
console.log(await submit(['a', 'b', 'c']));
await delay(60);
`,
    rule: 'never-awaited',
    fix: /`await`$/,
    becomes: 'for (const row of form) await save(row);',
    prints: ['0\n', '3\n'],
  },
  {
    name: 'a dropped promise that may go on by itself',
    file: 'log.mts',
    text: `${DELAY}async function note(row: string): Promise<void> {
  await delay(20);
  console.log('noted', row);
}
async function answer(): Promise<number> {
  note('asked');
  return 7;
}
console.log(await answer());
`,
    rule: 'never-awaited',
    fix: /`void`$/,
    becomes: `  void note('asked');`,
    prints: ['7\nnoted asked\n'],
  },
  {
    name: 'forEach over an async function',
    file: 'thumbnails.cjs',
    text: `const { setTimeout: delay } = require('node:timers/promises');
const done = [];
async function thumbnails(pictures) {
  pictures.forEach(async (picture) => {
    await delay(25);
    done.push(picture);
  });
  return done.length;
}
thumbnails(['a.png', 'b.png']).then((count) => console.log(count));
`,
    rule: 'never-awaited',
    fix: /Promise\.all/,
    becomes: `  await Promise.all(pictures.map(async (picture) => {
    await delay(25);
    done.push(picture);
  }));
`,
    prints: ['0\n', '2\n'],
  },
  {
    name: 'a promise returned out of its try',
    file: 'setting.mts',
    text: `${DELAY}async function readRemote(key: string): Promise<string> {
  await delay(15);
  throw new Error(\`no such key \${key}\`);
}
async function setting(key: string): Promise<string> {
  try {
    return readRemote(key);
  } catch {
    return 'default';
  }
}
console.log(await setting('colour').catch((error: Error) => error.message));
`,
    rule: 'never-awaited',
    fix: /`return await`$/,
    becomes: '    return await readRemote(key);',
    prints: ['no such key colour\n', 'default\n'],
  },
  {
    name: 'a queue that grows',
    file: 'queue.mts',
    text: `import { Queue, run } from 'simul';
const orders = new Queue<number>({ name: 'orders' });
let sum = 0;
await run(async () => {
  const producer = (async () => {
    for (let i = 0; i < 4000; i++) {
      await orders.put(i);
      if (i % 8 === 7) await new Promise((resolve) => setImmediate(resolve));
    }
    orders.close();
  })();
  const consumer = (async () => {
    for await (const order of orders) {
      sum += order;
      if (order % 2 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
  })();
  await Promise.all([producer, consumer]);
});
console.log(sum);
`,
    rule: 'growing-queue',
    fix: /capacity: 100/,
    becomes: `new Queue<number>({ capacity: 100, name: 'orders' })`,
    prints: ['7998000\n'],
  },
];

describe('a fix of a finding', function () {
  this.timeout(60_000);

  for (const { name, file, text, rule, fix, becomes, prints } of CASES) {
    it(`mends it: ${name}`, () => {
      const before = traceProgram(file, text);
      assert.equal(before.output, prints[0]);
      assert.deepEqual(rulesOf(before), [rule]);
      const action = actionsOf(before).find(({ title }) => fix.test(title));
      assert.ok(
        action,
        `one of: ${actionsOf(before)
          .map(({ title }) => title)
          .join(' | ')}`,
      );
      const mended = applied(before, action);
      assert.ok(mended.includes(becomes), mended);
      const afterwards = traceProgram(file, mended);
      assert.equal(afterwards.output, prints[1] ?? prints[0]);
      assert.ok(!rulesOf(afterwards).includes(rule), rulesOf(afterwards).join());
    });
  }

  const DASHBOARD = CASES[0]!;

  it('is refused in a file that has changed since the trace, open or on the disk', () => {
    const traced = traceProgram(DASHBOARD.file, DASHBOARD.text);
    const reasonsOf = (): (string | undefined)[] =>
      actionsOf(traced).map(({ command, edit }) => (edit === undefined ? command?.command : 'an edit'));
    assert.deepEqual(reasonsOf(), ['an edit', SILENCE_COMMAND]);
    const { text } = traced.document;
    traced.document.replace(`${text}// more`, 2);
    assert.deepEqual(reasonsOf(), [TRACE_COMMAND, SILENCE_COMMAND]);
    // Its lines have moved, too.
    traced.document.replace(`\n\n${text}`, 2);
    assert.deepEqual(reasonsOf(), [TRACE_COMMAND, SILENCE_COMMAND]);
    traced.document.replace(text, 3);
    assert.deepEqual(reasonsOf(), ['an edit', SILENCE_COMMAND]);
    const later = new Date(Date.now() + 60_000);
    utimesSync(traced.document.path!, later, later);
    assert.deepEqual(reasonsOf(), [TRACE_COMMAND, SILENCE_COMMAND]);
  });

  it('is none where the text has an error in it, or the lines are another\u2019s', () => {
    const traced = traceProgram(DASHBOARD.file, DASHBOARD.text);
    traced.document.replace(`${traced.document.text}\n)`, 2);
    assert.deepEqual(actionsOf(traced), []);
    traced.document.replace(traced.document.text.replace('load(id, 60)', 'load(id)').slice(0, -2), 3);
    const [fix] = actionsOf(traced);
    assert.ok(fix === undefined || fix.edit === undefined);
  });

  it('silences: the comment that the command would write holds for the next run', () => {
    const traced = traceProgram(DASHBOARD.file, DASHBOARD.text);
    const silence = actionsOf(traced).find(({ command }) => command?.command === SILENCE_COMMAND)!;
    const request = readSilenceRequest(silence.command!.arguments![0])!;
    const lines = traced.document.text.split('\n');
    lines.splice(
      request.line,
      0,
      `${request.indent}// simul-ignore ${request.rule}: they share a connection`,
    );
    const silenced = traceProgram(DASHBOARD.file, lines.join('\n'));
    assert.equal(silenced.output, traced.output);
    assert.deepEqual(rulesOf(silenced), []);
  });

  it('silences in the open document at once', () => {
    const traced = traceProgram(DASHBOARD.file, DASHBOARD.text);
    const { document, trace, problems } = traced;
    const findings = problems.map(({ finding }) => finding);
    const lines = document.text.split('\n');
    lines.splice(problems[0]!.diagnostic.range.start.line, 0, '// simul-ignore one-by-one: they share');
    document.replace(lines.join('\n'), 2);
    assert.equal(problemsOf(trace, findings, { silenced: new Set(), documentOf: () => document }).size, 0);
  });
});

describe('what a fix is not offered for', function () {
  this.timeout(60_000);

  const titles = (text: string, file = 'a.mts'): string[] =>
    actionsOf(traceProgram(file, text)).flatMap(({ title, edit }) => (edit === undefined ? [] : [title]));

  it('a loop whose await is not in each turn, or has what the turn made before', () => {
    const loop = (
      body: string,
    ): string => `${LOADS}async function all(keys: readonly string[]): Promise<number> {
  let sum = 0;
  for (const key of keys) {
    ${body}
  }
  return sum;
}
console.log(await all(['a', 'b', 'c', 'd', 'e']));
`;
    assert.deepEqual(titles(loop(`if (key !== '') sum += (await load(key, 30)).length;`)), []);
    assert.deepEqual(titles(loop(`const name = key + '!';\n    sum += (await load(name, 30)).length;`)), []);
    assert.equal(titles(loop(`sum += (await load(key, 30)).length;`)).length, 1);
  });

  it('`await` in a function that is not async: `void` alone', () => {
    const text = `${DELAY}async function save(): Promise<void> {
  await delay(20);
}
class Form {
  async submit(): Promise<number> {
    const now = (): void => {
      save();
    };
    now();
    return 1;
  }
}
console.log(await new Form().submit());
`;
    for (const title of titles(text)) assert.match(title, /`void`/);
  });

  it('a comment where a comment would be text', () => {
    const place = (text: string, line: number): boolean => {
      const source = SourceFile.parse('/a.tsx', text)!;
      return mayHoldComment(source, source.offsetOf({ line, column: 1 }));
    };
    assert.equal(place('const a = `\n${b}`;\n', 2), false);
    assert.equal(place('const a = <b>\n  text\n  {c}\n</b>;\n', 2), false);
    assert.equal(place('const a = <b>\n  text\n  {c}\n</b>;\n', 3), false);
    assert.equal(place('const a = f(\n  b,\n);\n', 2), true);
  });
});
