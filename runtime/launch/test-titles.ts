/**
 * The tests in a file, by its lines: no syntax tree, for a lens is an offer and must be cheap. The
 * groups around a test are those that began above it and further left.
 */
export interface TestPlace {
  /** 0-based. */
  readonly line: number;
  /** The titles of the groups around it, the outermost first, and its own. */
  readonly titles: readonly string[];
}

const CALL =
  /^(\s*)(describe|context|suite|it|test|specify)((?:\.(?:only|skip|concurrent|sequential|serial|todo|fails))*)\s*\(\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|`((?:[^`\\$]|\\.)*)`)/;
const GROUPS: ReadonlySet<string> = new Set(['describe', 'context', 'suite']);
const MAX_TESTS = 500;
/** Tests that are never run. */
const NEVER_RUN = /skip|todo/;

export function testsIn(lines: readonly string[]): TestPlace[] {
  const tests: TestPlace[] = [];
  const groups: { readonly indent: number; readonly title: string; readonly isOff: boolean }[] = [];
  for (const [line, text] of lines.entries()) {
    const match = CALL.exec(text);
    if (match === null) continue;
    const [, space = '', name = '', modifiers = '', single, double, template] = match;
    const indent = space.replaceAll('\t', '  ').length;
    const title = (single ?? double ?? template ?? '').replace(/\\(.)/g, '$1');
    while (groups.length > 0 && groups.at(-1)!.indent >= indent) groups.pop();
    const isOff = NEVER_RUN.test(modifiers);
    if (GROUPS.has(name)) groups.push({ indent, title, isOff });
    else if (!isOff && !groups.some((group) => group.isOff))
      tests.push({ line, titles: [...groups.map((group) => group.title), title] });
    if (tests.length === MAX_TESTS) break;
  }
  return tests;
}

/** The test at this line: the last one that begins at or above it; undefined: there is none. */
export function testAt(lines: readonly string[], line: number): TestPlace | undefined {
  return testsIn(lines).findLast((test) => test.line <= line);
}
