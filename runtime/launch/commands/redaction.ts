/** `--redact` and `--anonymous`: what a trace that is given away does not say. */
import type { SaveOptions } from '../saved-trace.ts';

interface RedactionFlags {
  readonly redact?: boolean | undefined;
  readonly anonymous?: boolean | undefined;
}

/** Paths are told from the current folder. Without names nothing else is told either. */
export function redactionOf({ redact, anonymous }: RedactionFlags): SaveOptions {
  if (anonymous === true) return { redactFrom: process.cwd(), masksNames: true };
  return redact === true ? { redactFrom: process.cwd() } : {};
}
