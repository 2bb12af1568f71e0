/**
 * The lens "Trace with Simul" above a file that is plainly a program: something at its top level
 * calls or awaits; in a file that only a test runner can run, above each test instead. It reads
 * lines, no syntax tree: a lens is an offer and must be cheap. It refuses declaration files.
 */
import type { CodeLens } from 'vscode-languageserver/node';
import { testsIn } from '../../runtime/launch/test-titles.ts';
import { isRunnableFile } from '../../runtime/launch/runnable-files.ts';
import { TEST_COMMAND, TRACE_COMMAND } from '../../runtime/trace/messages/server.ts';
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

export function lensesIn(document: WholeDocument): CodeLens[] {
  if (!isRunnableFile(document.uri) || DECLARATIONS.test(document.uri)) return [];
  const line = findFirstStatement(document.lines);
  if (line === 'tests') return testLenses(document);
  if (line === null) return [];
  return [
    {
      range: rangeOf(line),
      command: { title: '▷ Trace with Simul', command: TRACE_COMMAND, arguments: [document.uri] },
    },
  ];
}

/** Above each test; above the first one also for all of them. */
function testLenses({ lines, uri }: WholeDocument): CodeLens[] {
  const tests = testsIn(lines);
  const lensOf = (title: string, line: number, titles: readonly string[]): CodeLens => ({
    range: rangeOf(line),
    command: { title, command: TEST_COMMAND, arguments: [{ uri, titles }] },
  });
  const first = tests[0];
  return [
    ...(first === undefined ? [] : [lensOf('▷ Trace all tests of the file', first.line, [])]),
    ...tests.map(({ line, titles }) => lensOf('▷ Trace this test', line, titles)),
  ];
}

const rangeOf = (line: number): CodeLens['range'] => ({
  start: { line, character: 0 },
  end: { line, character: 0 },
});

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
