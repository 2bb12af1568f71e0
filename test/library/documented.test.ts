/**
 * Every name that a program can import from the library is documented where it is declared, and so
 * are the members that the published types show. Names that are more than types have an example,
 * and each example is run. In an example, `expression; // → value` states the expression's value.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { after, before, describe, it } from 'mocha';
import { tree } from '../machine/tree.ts';
import { atOnce } from '../support/at-once.ts';

interface Exported {
  readonly name: string;
  /** The file that declares it. */
  readonly file: string;
  readonly isType: boolean;
  /** Its docstring, without the stars. */
  readonly doc: string;
}

interface Member {
  readonly name: string;
  readonly isDocumented: boolean;
}

const ENTRIES = [
  { file: 'runtime/index.ts', bundle: 'dist/index.js' },
  { file: 'runtime/parallel/frames/frames.ts', bundle: 'dist/frames.js' },
  { file: 'runtime/jobs/jobs.ts', bundle: 'dist/jobs.js' },
].map(({ file, bundle }) => ({ bundle, all: exportsOf(file) }));

function exportsOf(file: string): Exported[] {
  const text = read(file);
  const passedOn = [...text.matchAll(/^export \{([^}]*)\} from '([^']*)';/gm)].flatMap(([, names, from]) =>
    names!
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '')
      .map((name) => exported(join(dirname(file), from!), name)),
  );
  const own = [...text.matchAll(declarationOf(String.raw`\w+`))].map(([, name]) => exported(file, name!));
  const all = [...passedOn, ...own].filter(({ doc }) => !doc.includes('@internal'));
  return all.filter(({ name }, i) => all.findIndex((other) => other.name === name) === i);
}

function exported(file: string, given: string): Exported {
  const name = given.replace(/^type /, '');
  const text = read(file);
  const [declared] = text.matchAll(declarationOf(name));
  assert.ok(declared, `${file} declares ${name}`);
  const doc = /\/\*\*((?:(?!\*\/)[^])*)\*\/\s*$/.exec(text.slice(0, declared.index))?.[1] ?? '';
  return {
    name,
    file,
    isType: name !== given || /\b(interface|type) \w+$/.test(declared[0]),
    doc: doc.replaceAll(/^\s*\* ?/gm, '').trim(),
  };
}

function declarationOf(name: string): RegExp {
  return new RegExp(
    String.raw`^export (?:declare )?(?:abstract )?(?:async )?(?:class|function\*?|const|interface|type) (${name})\b`,
    'gm',
  );
}

/**
 * The members that the published types show of a class or an interface and of the classes that it
 * extends; none for other declarations.
 */
function membersOf(file: string, name: string): Member[] {
  const published = file.replace(/^runtime\//, 'dist/types/').replace(/\.ts$/, '.d.ts');
  if (!existsSync(join(tree, published))) return [];
  const text = read(published);
  const body = new RegExp(
    String.raw`^export (?:declare )?(?:abstract )?(?:class|interface) ${name}\b([^{\n]*)\{$([^]*?)^\}`,
    'm',
  ).exec(text);
  if (body === null) return [];
  const [, heading, inside] = body;
  const base = /extends (\w+)/.exec(withoutParameters(heading!))?.[1];
  if (base === undefined) return shownIn(inside!);
  const from = new RegExp(String.raw`^import [^;]*\b${base}\b[^;]*from '(.*)'`, 'm').exec(text)?.[1];
  return [...shownIn(inside!), ...membersOf(from === undefined ? file : join(dirname(file), from), base)];
}

/** `Thread<F extends A<B>> extends Body<F>` as `Thread extends Body`. */
function withoutParameters(heading: string): string {
  const left = heading.replaceAll(/<[^<>]*>/g, '');
  return left === heading ? left : withoutParameters(left);
}

/** Overloads and setters count as documented when the first member of their name is. */
function shownIn(body: string): Member[] {
  const members = new Map<string, Member>();
  let isDocumented = false;
  for (const line of body.split('\n')) {
    if (/^ {4,5}(\/\*\*.*)?\*\/$/.test(line)) isDocumented = true;
    const modifiers = String.raw`(?:(?:static|readonly|abstract|get|set|async) )*`;
    const name = new RegExp(String.raw`^ {4}${modifiers}(\w+|\[Symbol\.\w+\])`).exec(line)?.[1];
    if (name === undefined) continue;
    const isNoise = /^(constructor|private|protected)$/.test(name) || /^ {4}readonly name = "/.test(line);
    if (!isNoise) members.set(name, members.get(name) ?? { name, isDocumented });
    isDocumented = false;
  }
  return [...members.values()];
}

/** The lines of an `@example`, up to the next tag. */
function examplesIn(doc: string): string[] {
  return doc
    .split(/^@/m)
    .filter((part) => part.startsWith('example'))
    .map((part) => part.slice('example'.length).trim());
}

/** The example as a program: each stated value becomes an assertion. */
function program(example: string): string {
  const stated = example.replaceAll(/^(\s*)(.+?);\s*\/\/ → (.*)$/gm, '$1assert.deepEqual($2, $3);');
  const isWhole = /\b(run|runForever)\(|^import /m.test(example);
  const body = isWhole ? stated : `await run(async () => {\n${stated}\n});`;
  const imports = ENTRIES.map(({ bundle, all }) => {
    const used = all.filter(({ name, isType }) => !isType && new RegExp(`\\b${name}\\b`).test(body));
    const url = pathToFileURL(join(tree, bundle)).href;
    return used.length === 0 ? '' : `import { ${used.map(({ name }) => name).join(', ')} } from '${url}';`;
  });
  return ["import assert from 'node:assert/strict';", ...imports, body].join('\n');
}

function read(file: string): string {
  return readFileSync(join(tree, file), 'utf8');
}

describe('the library’s documentation', () => {
  // Inside the tree, so that an example can import the tree's packages.
  const folder = mkdtempSync(join(tree, 'build', 'examples-'));
  after(() => rmSync(folder, { recursive: true }));

  const exports = ENTRIES.flatMap(({ all }) => all.map((one) => ({ ...one, examples: examplesIn(one.doc) })));
  /** How each example ended, by its text: what it printed as an error, or why it failed. */
  const ended = new Map<string, string>();
  before(async function () {
    this.timeout(120_000);
    const all = exports.flatMap(({ examples }) => examples);
    await atOnce([...all.entries()], async ([i, example]) => {
      const path = join(folder, `${i}.mjs`);
      writeFileSync(path, program(example));
      const run = promisify(execFile)(process.execPath, [path], { timeout: 20_000 });
      ended.set(example, await run.then(({ stderr }) => stderr, String));
    });
  });

  for (const { name, file, doc, isType, examples } of exports) {
    it(`says what ${name} is`, () => {
      assert.match(doc, /^\S.*\S/, `${name} has no docstring`);
      if (!isType) assert.notEqual(examples.length, 0, `${name} has no @example`);
      const silent = membersOf(file, name).filter(({ isDocumented }) => !isDocumented);
      assert.deepEqual(
        silent.map((member) => `${name}.${member.name}`),
        [],
        'has no docstring, and is not @internal',
      );
    });

    for (const example of examples) {
      it(`shows ${name} by an example that holds`, () => {
        assert.match(example, /→|assert/, 'an example states something');
        assert.equal(ended.get(example), '');
      });
    }
  }

  it('shows of a future what its users need, and nothing internal', () => {
    const shown = membersOf('runtime/tasks/core/future.ts', 'Future').map(({ name }) => name);
    assert.deepEqual(shown.sort(), [
      '[Symbol.iterator]',
      '[Symbol.toStringTag]',
      'cancel',
      'catch',
      'done',
      'error',
      'failed',
      'finally',
      'isCancelled',
      'isDone',
      'onDone',
      'reject',
      'resolve',
      'result',
      'state',
      'then',
      'toJSON',
    ]);
  });
});
