/**
 * "Trace with Simul" above a file that is plainly runnable: something at its top level calls or
 * awaits. Looks at lines, not at a syntax tree: a lens is an offer, and a cheap one. It
 * refuses declaration files and files that look like a test runner's.
 */
import type { CodeLens } from 'vscode-languageserver/node';
import { TRACE_COMMAND } from '../../runtime/trace/messages/server.ts';
import type { WholeDocument } from './whole-document.ts';

const RUNNABLE = /\.(?:[mc]?ts|tsx|[mc]?js|jsx)$/i;
const DECLARATIONS = /\.d\.[mc]?ts$/i;
/** What only a test runner can run. */
const TEST_CALL = /^(?:describe|it|test|suite|beforeEach|afterEach|before|after)(?:\.\w+)*\s*\(/;
/** A statement at column 0 that does something when the file is run. */
const ACTS =
  /^(?:(?:await|void|new|throw)\b|for\s+await\b|(?:for|while|if|try|switch)\b\s*[({]|(?!(?:function|class|import|export|return|require)\b)[\w$]+(?:[\w$.]|\?\.|\[[^\]]*\])*\s*\()/;
const DECLARES =
  /^(?:export\s+)?(?:const|let|var)\s[^=]*=\s*(?:await\b|new\s|(?!(?:require|function|async|class|import)\b)[\w$.]+\s*\()/;
const MAX_LINES = 20_000;

export function lensesIn(document: WholeDocument): CodeLens[] {
  if (!RUNNABLE.test(document.uri) || DECLARATIONS.test(document.uri)) return [];
  const seen = scan(document.lines);
  if (seen === null) return [];
  return [
    {
      range: { start: { line: seen, character: 0 }, end: { line: seen, character: 0 } },
      command: { title: '▷ Trace with Simul', command: TRACE_COMMAND, arguments: [document.uri] },
    },
  ];
}

/** The line of the first code, when the file does something by itself; null when it does not. */
function scan(lines: readonly string[]): number | null {
  let first: number | null = null;
  let acts = false;
  let inComment = false;
  let inTemplate = false;
  for (const [number, line] of lines.entries()) {
    if (number >= MAX_LINES) break;
    if (inComment) {
      if (line.includes('*/')) inComment = false;
      continue;
    }
    const wasInTemplate = inTemplate;
    if (backticks(line) % 2 === 1) inTemplate = !inTemplate;
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
    if (TEST_CALL.test(line)) return null;
    acts ||= ACTS.test(line) || DECLARES.test(line);
  }
  return acts ? first : null;
}

function backticks(line: string): number {
  return line.replaceAll('\\`', '').split('`').length - 1;
}
