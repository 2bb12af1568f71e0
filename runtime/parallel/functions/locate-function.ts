/**
 * Where a function is defined. V8 knows, and says so through Node's inspector, in this process and
 * without opening a port. The answer is null where there is no inspector: Node was built without
 * it, or the permission model refuses it.
 */
import type { Session } from 'node:inspector';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { findBridge } from '../../recorder/library-bridge.ts';

export interface FunctionLocation {
  /** URL of the script, as V8 has it: a `file:` URL, or `evalmachine.<anonymous>`, … */
  readonly url: string;
  /** The script's text as it runs: its types are stripped. */
  readonly source: string;
  /** Of the function's text in `source`. */
  readonly offset: number;
  /** Of that offset, 0-based. */
  readonly line: number;
  readonly column: number;
}

/** As V8 has it: that of the parameters, 0-based. */
interface ScriptPosition {
  readonly scriptId: string;
  readonly lineNumber: number;
  readonly columnNumber: number;
}

/** The symbol under which the inspector finds the function. */
const ASKED = 'simul.asked';
const urls = new Map<string, string>();
/** By script: the text in which a function was found last. */
const sources = new Map<string, string>();

export function locateFunction(fn: object): FunctionLocation | null {
  const session = connectInspector();
  if (session === null) return null;
  try {
    const position = findPosition(session, fn);
    if (position === null) return null;
    const { scriptId } = position;
    const text = findBridge().textOf(fn);
    // Asking V8 for the text as it runs takes 10 to 100 ms; often the file on disk has the same.
    const url = urlOfScript(session, scriptId);
    const known = sources.get(scriptId) ?? readFile(url);
    const found = locateText(known, url, text, position);
    if (found !== null) {
      sources.set(scriptId, known);
      return found;
    }
    const running = sourceOfScript(session, scriptId);
    sources.set(scriptId, running);
    return locateText(running, url, text, position);
  } catch {
    return null;
  } finally {
    session.disconnect();
  }
}

/**
 * No command gives a script's URL alone. V8 names every script that it holds to whoever begins to
 * debug: some 10 ms, for all scripts at once. Its coverage would be quicker, but Node 20 lists no
 * script there that made many functions and has called none.
 */
function urlOfScript(session: Session, scriptId: string): string {
  if (!urls.has(scriptId)) {
    session.on('Debugger.scriptParsed', ({ params }) => urls.set(params.scriptId, normalizeUrl(params.url)));
    session.post('Debugger.enable');
    session.removeAllListeners('Debugger.scriptParsed');
    session.post('Debugger.disable');
  }
  return urls.get(scriptId) ?? '';
}

function sourceOfScript(session: Session, scriptId: string): string {
  session.post('Debugger.enable');
  return request(session, 'Debugger.getScriptSource', { scriptId })['scriptSource'] as string;
}

function readFile(url: string): string {
  const path = pathOfUrl(url);
  try {
    return path === null ? '' : readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function connectInspector(): Session | null {
  try {
    const inspector = process.getBuiltinModule('node:inspector');
    findBridge().beginInspecting();
    const session = new inspector.Session();
    session.connect();
    return session;
  } catch {
    return null;
  }
}

function findPosition(session: Session, fn: object): ScriptPosition | null {
  const key = Symbol.for(ASKED);
  // Node's own module is one object in every context: jest runs its tests in one of their own.
  const place = process.getBuiltinModule('node:inspector');
  Object.defineProperty(place, key, { value: fn, configurable: true });
  try {
    const { objectId } = request(session, 'Runtime.evaluate', {
      expression: `process.getBuiltinModule('node:inspector')[Symbol.for(${JSON.stringify(ASKED)})]`,
    })['result'] as { objectId: string };
    const { internalProperties } = request(session, 'Runtime.getProperties', {
      objectId,
      ownProperties: true,
    }) as unknown as { internalProperties: { name: string; value?: { value?: unknown } }[] };
    const property = internalProperties.find(({ name }) => name === '[[FunctionLocation]]');
    return (property?.value?.value as ScriptPosition | undefined) ?? null;
  } finally {
    Reflect.deleteProperty(place, key);
  }
}

/** The result of a command; it comes before `post` returns, for the inspector is on this thread. */
function request(session: Session, method: string, params: object): Record<string, unknown> {
  let response: Record<string, unknown> = {};
  session.post(method, params, (error: Error | null, result?: object) => {
    if (error === null) response = result as Record<string, unknown>;
  });
  return response;
}

function locateText(
  source: string,
  url: string,
  text: string,
  position: ScriptPosition,
): FunctionLocation | null {
  let parameters = 0;
  for (let line = 0; line < position.lineNumber; line++) parameters = source.indexOf('\n', parameters) + 1;
  parameters += position.columnNumber;
  // The function's text begins before its parameters, and holds them.
  const offset = source.lastIndexOf(text, parameters);
  if (offset < 0 || offset + text.length < parameters) return null;
  let line = position.lineNumber;
  let lineStart = source.lastIndexOf('\n', parameters - 1) + 1;
  for (; lineStart > offset; line--) lineStart = source.lastIndexOf('\n', lineStart - 2) + 1;
  return { url, source, offset, line, column: offset - lineStart };
}

/** On some versions of Node, the URL of a CommonJS script is a path. */
function normalizeUrl(url: string): string {
  if (!url.startsWith('/') && !/^[a-zA-Z]:\\/.test(url)) return url;
  return process.getBuiltinModule('node:url').pathToFileURL(url).href;
}

/** The path of a `file:` URL; null for any other. */
export function pathOfUrl(url: string): string | null {
  try {
    return fileURLToPath(url);
  } catch {
    return null;
  }
}
