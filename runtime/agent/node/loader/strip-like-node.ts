/**
 * Removes types by the function of Node that it uses itself: where Node runs TypeScript, what V8
 * gets is what it would get untraced.
 */
import module from 'node:module';

type Strip = (source: string) => string;

/** @returns null where Node refuses the text, or has no such function: it is to say so itself */
export function stripLikeNode(source: string): string | null {
  const { stripTypeScriptTypes } = module as unknown as { stripTypeScriptTypes?: Strip };
  if (stripTypeScriptTypes === undefined) return null;
  try {
    return withoutWarning(() => stripTypeScriptTypes(source));
  } catch {
    return null;
  }
}

/** Node warns of the function when it is called, and not when it uses it. */
function withoutWarning<T>(call: () => T): T {
  const former = Object.getOwnPropertyDescriptor(process, 'emitWarning');
  if (former?.configurable !== true) return call();
  Object.defineProperty(process, 'emitWarning', { ...former, value: () => {} });
  try {
    return call();
  } finally {
    Object.defineProperty(process, 'emitWarning', former);
  }
}
