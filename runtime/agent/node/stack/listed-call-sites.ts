/**
 * `util.getCallSites`: V8 lists the frames as plain objects, and no formatter is asked. Those of
 * instrumented files get the positions of the text that would run untraced.
 */
import { replaceBuiltin, undoAll } from '../builtins/replace-builtin.ts';
import { type PositionsOf, positionIn } from './user-call-sites.ts';

interface ListedSite {
  readonly scriptName: string;
  lineNumber: number;
  columnNumber?: number;
  /** The name of the column on older Nodes. */
  column?: number;
}
type Callable = (...args: unknown[]) => unknown;
type Options = { readonly sourceMap?: boolean } | undefined;

const { apply } = Reflect;
const { min } = Math;

// An import would be bundled as a copy, and copying reads what Node loads lazily: some of it opens
// the program's output.
const util = process.getBuiltinModule('node:util');

const DEFAULT_FRAMES = 8;
const MAX_FRAMES = 200;

/** @returns what restores the built-ins */
export function installListedCallSites(
  positionsOf: PositionsOf,
  isOfAgent: (fileName: string) => boolean,
): () => void {
  const undo = ['getCallSites', 'getCallSite'].map((name) =>
    replaceBuiltin(util, name, (original) => {
      return new Proxy(original, {
        apply(target, self, args: unknown[]) {
          const hasCount = typeof args[0] === 'number' || args[0] === undefined;
          const count = hasCount ? (args[0] ?? DEFAULT_FRAMES) : DEFAULT_FRAMES;
          if (typeof count !== 'number' || !(count >= 1 && count <= MAX_FRAMES))
            return apply(target as Callable, self, args);
          const options = args[hasCount ? 1 : 0] as Options;
          // One more, for the frame of this function.
          const passed = [min(count + 1, MAX_FRAMES), ...(options === undefined ? [] : [options])];
          const listed = apply(target as Callable, self, passed) as ListedSite[];
          const sites = listed.filter(({ scriptName }) => !isOfAgent(scriptName)).slice(0, count);
          // Node has mapped them already.
          if (options?.sourceMap !== true) for (const site of sites) mapSite(site, positionsOf);
          return sites;
        },
      });
    }),
  );
  return () => undoAll(undo);
}

function mapSite(site: ListedSite, positionsOf: PositionsOf): void {
  const column = site.columnNumber ?? site.column ?? null;
  const position = positionIn(site.scriptName, site.lineNumber, column, positionsOf);
  if (position === null) return;
  site.lineNumber = position.line;
  if (site.columnNumber !== undefined) site.columnNumber = position.column;
  if (site.column !== undefined) site.column = position.column;
}
