/** The warnings of the library while `body` runs; they are not printed. */
export interface Warning {
  readonly text: string;
  readonly code: string;
}

export async function warningsOf(body: () => Promise<unknown>): Promise<Warning[]> {
  const told: Warning[] = [];
  const { emitWarning, exitCode } = process;
  process.emitWarning = ((text: string | Error, _type?: unknown, code?: unknown) => {
    told.push({ text: String(text), code: typeof code === 'string' ? code : '' });
  }) as typeof process.emitWarning;
  try {
    await body();
  } finally {
    process.emitWarning = emitWarning;
    process.exitCode = exitCode;
  }
  return told;
}
