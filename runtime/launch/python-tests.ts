/**
 * The tests in a Python file, by its lines: what pytest collects by default (functions `test…` and
 * classes `Test…` of a file named like tests), and the classes of unittest in any file, known by
 * the name of what they extend. It reads no configuration: other names are no tests here.
 */
import { type LogicalLine, logicalLines } from './python-source.ts';
import type { TestPlace } from './test-titles.ts';

export interface PythonTest extends TestPlace {
  readonly kind: 'function' | 'class';
  /** Its class extends a `TestCase`. */
  readonly isUnittest: boolean;
}

interface Scope {
  readonly indent: number;
  readonly name: string;
  /** Its tests are run. */
  readonly isTested: boolean;
  readonly isUnittest: boolean;
}

const TEST_FILE = /(?:^|[\\/])(?:test_[^\\/]*|[^\\/]*_test)\.py$/;
const DEFINITION = /^(?:async\s+)?(def|class)\s+([\p{L}_][\p{L}\p{N}_]*)\s*(\([^]*)?/u;
/** Tests that are never run; a condition may let others run. */
const NEVER_RUN = /^@\s*(?:unittest\s*\.\s*|pytest\s*\.\s*mark\s*\.\s*)skip\b/;
const MAX_TESTS = 500;

/** Classes stand before the tests in them. */
export function pythonTestsIn(file: string, text: string): PythonTest[] {
  const tests: PythonTest[] = [];
  const scopes: Scope[] = [];
  const testCases = new Set<string>();
  const isTestFile = TEST_FILE.test(file);
  let decorators: LogicalLine[] = [];
  for (const logical of logicalLines(text)) {
    if (logical.text.startsWith('@')) {
      decorators.push(logical);
      continue;
    }
    const above = decorators;
    decorators = [];
    while (scopes.length > 0 && scopes.at(-1)!.indent >= logical.indent) scopes.pop();
    const match = DEFINITION.exec(logical.text);
    if (match === null) continue;
    const [, keyword, name, bases = ''] = match as unknown as [string, string, string, string?];
    const scope = scopes.at(-1);
    const isOff = above.some((decorator) => NEVER_RUN.test(decorator.text));
    const isReached = !isOff && (scope === undefined || scope.isTested);
    const isClass = keyword === 'class';
    const isUnittest = isClass ? extendsTestCase(bases, testCases) : scope?.isUnittest === true;
    if (isClass && isUnittest) testCases.add(name);
    const isOwn = isClass
      ? isUnittest || (isTestFile && name.startsWith('Test'))
      : name.startsWith('test') && (scope !== undefined || isTestFile);
    const isTested = isReached && isOwn;
    if (isTested && tests.length < MAX_TESTS)
      tests.push({
        kind: isClass ? 'class' : 'function',
        line: above[0]?.line ?? logical.line,
        titles: [...scopes.map((around) => around.name), name],
        isUnittest,
      });
    // What stands in a function is no test.
    scopes.push({
      indent: logical.indent,
      name,
      isTested: isTested && isClass,
      isUnittest,
    });
  }
  return withoutEmptyClasses(tests);
}

/** Names of what a class extends; a class of this file that is a test case makes others so. */
function extendsTestCase(bases: string, known: ReadonlySet<string>): boolean {
  const names = bases.match(/[\p{L}_][\p{L}\p{N}_.]*/gu) ?? [];
  return names.some((name) => known.has(name) || name.split('.').at(-1)!.endsWith('TestCase'));
}

function withoutEmptyClasses(tests: readonly PythonTest[]): PythonTest[] {
  const isWithin = (inner: PythonTest, outer: PythonTest): boolean =>
    inner.titles.length > outer.titles.length &&
    outer.titles.every((title, at) => inner.titles[at] === title);
  return tests.filter(
    (test, at) =>
      test.kind === 'function' ||
      tests.slice(at + 1).some((other) => other.kind === 'function' && isWithin(other, test)),
  );
}

/** The test, or the class of tests, that begins last at or above this line. */
export function testAtLine(file: string, text: string, line: number): PythonTest | undefined {
  return pythonTestsIn(file, text).findLast((test) => test.line <= line);
}
