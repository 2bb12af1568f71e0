/**
 * The lens "Trace with Simul" above a file that is plainly a program: something at its top level
 * calls or awaits; in a file that only a test runner can run, above each test instead. It reads
 * lines, no syntax tree: a lens is an offer and must be cheap. It refuses declaration files. In
 * Python it stands at the line by which a file says that it is a program, and above each test and
 * class of tests.
 */
import type { CodeLens } from 'vscode-languageserver/node';
import { pythonTestsIn } from '../../runtime/launch/python-tests.ts';
import { testsIn, type TestPlace } from '../../runtime/launch/test-titles.ts';
import { isPythonFile, isRunnableFile } from '../../runtime/launch/runnable-files.ts';
import { TEST_COMMAND, TRACE_COMMAND } from '../../runtime/trace/messages/server.ts';
import { logicalLines } from '../../runtime/launch/python-source.ts';
import type { WholeDocument } from './whole-document.ts';

const DECLARATIONS = /\.d\.[mc]?ts$/i;
/** A call that only a test runner defines. */
const TEST_CALL = /^(?:describe|it|test|suite|beforeEach|afterEach|before|after)(?:\.\w+)*\s*\(/;
/** A statement at column 0 that does something when the file runs. */
const STATEMENT =
  /^(?:(?:await|void|new|throw)\b|for\s+await\b|(?:for|while|if|try|switch)\b\s*[({]|(?!(?:function|class|import|export|return|require)\b)[\w$]+(?:[\w$.]|\?\.|\[[^\]]*\])*\s*\()/;
const COMPUTED_VALUE =
  /^(?:export\s+)?(?:const|let|var)\s[^=]*=\s*(?:await\b|new\s|(?!(?:require|function|async|class|import)\b)[\w$.]+\s*\()/;
const MAX_LINES = 20_000;

/** Python's way to say that a file is a program. */
const MAIN_GUARD = /^if\s+(?:__name__\s*==\s*"|"\s*==\s*__name__)/;
/** A statement of Python's that does something; a program ends with one, and a module does not. */
const PYTHON_STATEMENT =
  /^(?:(?:for|while|with|try)\b|(?!(?:def|class|async|import|from|return|assert|del|if|elif|else|except|finally)\b)[\w.]+(?:\[[^\]]*\])*\s*\()/;
/** A file of tests, which a test runner runs. */
const PYTHON_TEST_FILE = /(?:^|\/)(?:test_[^/]*|[^/]*_test|conftest)\.py$/;

export function lensesIn(document: WholeDocument): CodeLens[] {
  const { uri, text, lines } = document;
  if (isPythonFile(uri)) {
    const tests = lines.length > MAX_LINES ? [] : pythonTestsIn(uri, text);
    return [...programLenses(uri, findPythonProgram(document)), ...testLenses(uri, tests)];
  }
  const line = findProgramLine(document);
  return line === 'tests' ? testLenses(uri, testsIn(lines)) : programLenses(uri, line);
}

function programLenses(uri: string, line: number | null): CodeLens[] {
  if (line === null) return [];
  return [
    {
      range: rangeOf(line),
      command: { title: '▷ Trace with Simul', command: TRACE_COMMAND, arguments: [uri] },
    },
  ];
}

/** Of Python's, some are classes of tests. */
type ListedTest = TestPlace & { readonly kind?: 'function' | 'class' };

/** Above each test; above the first one also for all of them. */
function testLenses(uri: string, tests: readonly ListedTest[]): CodeLens[] {
  const lensOf = (title: string, line: number, titles: readonly string[]): CodeLens => ({
    range: rangeOf(line),
    command: { title, command: TEST_COMMAND, arguments: [{ uri, titles }] },
  });
  const first = tests[0];
  return [
    ...(first === undefined ? [] : [lensOf('▷ Trace all tests of the file', first.line, [])]),
    ...tests.map(({ line, titles, kind }) =>
      lensOf(kind === 'class' ? '▷ Trace this class' : '▷ Trace this test', line, titles),
    ),
  ];
}

const rangeOf = (line: number): CodeLens['range'] => ({
  start: { line, character: 0 },
  end: { line, character: 0 },
});

function findProgramLine(document: WholeDocument): number | 'tests' | null {
  if (!isRunnableFile(document.uri) || DECLARATIONS.test(document.uri)) return null;
  return findFirstStatement(document.lines);
}

/** The line of `if __name__ == "__main__"`, else of the statement with which a program ends. */
function findPythonProgram({ uri, lines, text }: WholeDocument): number | null {
  if (lines.length > MAX_LINES) return null;
  const statements = logicalLines(text).filter(({ indent }) => indent === 0);
  const guard = statements.find(
    ({ text: words, line }) => MAIN_GUARD.test(words) && lines[line]!.includes('__main__'),
  );
  if (guard !== undefined) return guard.line;
  const last = statements.at(-1);
  const isProgram = last !== undefined && PYTHON_STATEMENT.test(last.text) && !PYTHON_TEST_FILE.test(uri);
  return isProgram ? last.line : null;
}

/** The line of the first statement; null when the file does nothing by itself. */
function findFirstStatement(lines: readonly string[]): number | 'tests' | null {
  let first: number | null = null;
  let doesSomething = false;
  let inComment = false;
  let inTemplate = false;
  for (const [number, line] of lines.entries()) {
    if (number >= MAX_LINES) break;
    if (inComment) {
      if (line.includes('*/')) inComment = false;
      continue;
    }
    const wasInTemplate = inTemplate;
    if (countBackticks(line) % 2 === 1) inTemplate = !inTemplate;
    if (
      wasInTemplate ||
      line === '' ||
      /^[\s})\]]/.test(line) ||
      line.startsWith('//') ||
      line.startsWith('#!')
    )
      continue;
    if (line.startsWith('/*')) {
      inComment = !line.includes('*/');
      continue;
    }
    first ??= number;
    if (TEST_CALL.test(line)) return 'tests';
    doesSomething ||= STATEMENT.test(line) || COMPUTED_VALUE.test(line);
  }
  return doesSomething ? first : null;
}

function countBackticks(line: string): number {
  return line.replaceAll('\\`', '').split('`').length - 1;
}
